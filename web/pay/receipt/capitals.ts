const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
const sections = ['', '万', '亿']

/** An amount in fen in the capitals of Chinese receipts: 壹仟零贰拾元伍角整. */
export function inCapitals(fen: number): string {
  const yuan = Math.floor(fen / 100)
  const [jiao, rest] = [Math.floor(fen / 10) % 10, fen % 10]
  const whole = yuan > 0 ? `${wholeInCapitals(yuan)}元` : ''
  if (jiao === 0 && rest === 0) return `${whole || '零元'}整`
  const tenth = jiao > 0 ? `${digits[jiao]}角` : whole && '零'
  return whole + tenth + (rest > 0 ? `${digits[rest]}分` : '整')
}

/** Zeros between digits are one 零, those before 万, 亿 and 元 are none. */
function wholeInCapitals(value: number): string {
  const text = String(value)
  let result = ''
  let isAfterZero = false
  let isSectionEmpty = true
  for (const [index, digit] of [...text].entries()) {
    const place = text.length - 1 - index
    if (digit === '0') isAfterZero = true
    else {
      if (isAfterZero && result) result += '零'
      result += `${digits[Number(digit)]}${places[place % 4]}`
      isAfterZero = false
      isSectionEmpty = false
    }
    if (place % 4 > 0) continue
    if (!isSectionEmpty) result += sections[place / 4]
    isSectionEmpty = true
  }
  return result
}
