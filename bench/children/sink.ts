// The bare sink: all that Node itself costs for each datagram. It counts, and says how many when it is asked.

import { createSocket } from 'node:dgram';
import { RECEIVE_BUFFER_BYTES } from '../load.ts';

const socket = createSocket('udp4');
let count = 0;
socket.on('message', () => {
  count++;
});
socket.bind(0, '127.0.0.1', () => {
  socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  process.send?.({ port: socket.address().port });
});
process.on('message', () => process.send?.({ count }));
process.on('disconnect', () => process.exit());
