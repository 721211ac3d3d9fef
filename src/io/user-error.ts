/** Something that whoever runs the program can mend: its message says all there is to know, a stack would tell nothing. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
