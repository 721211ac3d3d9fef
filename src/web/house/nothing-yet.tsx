import './nothing-yet.css';
/** No rack has reported: what to run to get one. */
export function NothingYet() {
  return (
    <section class="nothing">
      <h1>Nothing yet: no rack has reported.</h1>
      <p>This page shows what racks hear of their servers. To get one:</p>
      <dl>
        <dt>Look around: a whole house on this machine</dt>
        <dd>
          <code>netwatch lab</code>
        </dd>
        <dt>A rack that reports here</dt>
        <dd>
          <code>netwatch rack --rack-id 0 --dc-controller-host {location.hostname}</code>
        </dd>
        <dt>Servers that the rack listens to; RACK is its host</dt>
        <dd>
          <code>netwatch agent --rack-id 0 --servers 0-7 --rack-controller-host RACK</code>
        </dd>
      </dl>
      <p class="quiet">It appears here by itself as soon as the first report is in.</p>
    </section>
  );
}
