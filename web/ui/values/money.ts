/** Whole fen as for example ¥1,234.50. */
export function formatFen(fen: number): string {
  return (fen / 100).toLocaleString('zh-CN', { style: 'currency', currency: 'CNY' })
}
