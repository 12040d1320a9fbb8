/** What the figures mean, where they are: superseded is not installed, net is not work done, an age is known since the first observation. */
export function Help() {
  return (
    <details class="help">
      <summary>What these figures mean</summary>
      <dl>
        <dt>Missing pair</dt>
        <dd>One machine that misses one KB.</dd>
        <dt>Superseded is not installed</dt>
        <dd>A newer KB took the place of the one that was missing. The machine is as exposed as before, if it misses the newer one.</dd>
        <dt>Net is not work done</dt>
        <dd>What appeared and was installed in between is at neither end. Counts by reason are those of every change.</dd>
        <dt>“At least”</dt>
        <dd>The exposure was there when the machine was first observed, and may be older.</dd>
        <dt>±7 d</dt>
        <dd>Days are as fine as the schedule: what came to pass between two snapshots is dated to the later one.</dd>
        <dt>Coverage, assessed</dt>
        <dd>Of the machines to be asked: those that gave an answer, and those of them that have reported to Defender within 30 days.</dd>
      </dl>
      <p>All times are UTC.</p>
    </details>
  )
}
