const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** `500m` of a processor, `64Mi` of memory, as a number. */
export function quantity(text: string | number | undefined): number {
  const [, digits = '', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(String(text)) ?? [];
  const factor = FACTORS[unit];
  if (digits === '' || factor === undefined) throw new Error(`${text} is no amount`);
  return Number(digits) * factor;
}

/** How many of some pods `1` or `10%` are; a share of them is rounded up. */
export function shareOf(pods: number, amount: string | number): number {
  return typeof amount === 'number' ? amount : Math.ceil((pods * Number(/^(\d+)%$/.exec(amount)?.[1])) / 100);
}
