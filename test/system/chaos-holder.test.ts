import { testInGuest } from '../support/uml-guest.ts';

testInGuest('the holder injects and undoes with the netem of a real kernel', ['test/guest/chaos-holder.test.ts']);
