import { escapeHtml } from '../io/escape-html.ts';

/**
 * A page that leads to the dashboard with the token in the fragment of the address: opened as a file, so that the token
 * stands on no command line. A browser sends a fragment to no server.
 * @param dashboardUrl where the dashboard is, with its last slash
 */
export function dashboardPage(dashboardUrl: string, token: string): string {
  const address = escapeHtml(`${dashboardUrl}#token=${encodeURIComponent(token)}`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="referrer" content="no-referrer">
    <meta http-equiv="refresh" content="0; url=${address}">
    <title>NetWatch</title>
  </head>
  <body>
    <p><a href="${address}">The dashboard of this lab</a></p>
  </body>
</html>
`;
}
