/** Yuan for people and for spreadsheets, such as `1234.50`, from whole fen. Everything else counts in fen. */
export function yuanOf(fen: number): string {
  const [sign, whole] = fen < 0 ? ['-', -fen] : ['', fen]
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}
