/**
 * A number without exponent and without needless zeros: `0.0000001`, `1000000`, `12.5`. tc reads exponents too, people
 * and shell scripts do not.
 *
 * @param digits at most so many after the point, 0 to 100; what is smaller is rounded
 */
export function decimalText(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
