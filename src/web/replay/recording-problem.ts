/** Why a file cannot be replayed; the message is a sentence for people. */
export class RecordingProblem extends Error {
  override readonly name = 'RecordingProblem';
}
