/** Yuan for people and for spreadsheets, such as `1234.50`, from whole fen. Everything else counts in fen. */
export function yuanOf(fen: number): string {
  const [sign, whole] = fen < 0 ? ['-', -fen] : ['', fen]
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}

/** Fen of an amount in yuan as people write it, such as `1,234.5`; undefined when it is none, or has a fraction of a fen. */
export function fenOf(yuan: string): number | undefined {
  const [, whole, decimals = ''] = /^(\d{1,3}(?:,\d{3})+|\d{1,10})(?:\.(\d{1,2})0*)?$/.exec(yuan) ?? []
  return whole === undefined
    ? undefined
    : Number(whole.replaceAll(',', '')) * 100 + Number(decimals.padEnd(2, '0'))
}
