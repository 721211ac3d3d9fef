import './theme.css';
import './base.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { startSession } from './store/session.ts';
import { takeTokensFromAddress } from './store/token.ts';

takeTokensFromAddress();
// In a tab that shows the page already, an address with another token is no new page.
window.addEventListener('hashchange', takeTokensFromAddress);
startSession();

const page = document.getElementById('page');
if (page === null) throw new Error('index.html has no element #page');
render(<App />, page);
