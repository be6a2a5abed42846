/** What is wrong with an answer that a page got, in words; undefined when it is as the page says. */
export function faultOf(answer: string, shown: string | undefined): string | undefined {
  const real = parse(afterHeaders(answer))
  const wanted = shown === undefined ? undefined : parse(shown)
  if (shown !== undefined && wanted === undefined) return `what is shown is no JSON: ${shown}`
  if (isObject(real) && 'retCode' in real) {
    const retCode = isObject(wanted) && 'retCode' in wanted ? wanted['retCode'] : '0'
    if (real['retCode'] !== retCode) return `retCode should be ${retCode}: ${answer}`
  } else if (isObject(real) && 'error' in real) return `refused: ${answer}`
  if (wanted === undefined) return undefined
  if (real === undefined) return `no JSON: ${answer}`
  return differs(wanted, real, '')
}

/** Texts may hold … for what is different each time; only messages are compared. */
function differs(shown: unknown, real: unknown, path: string): string | undefined {
  if (Array.isArray(shown)) {
    if (!Array.isArray(real)) return `${path} is no list`
    if (shown.length > 0 && real.length === 0) return `${path} is empty`
    return shown.length > 0 ? differs(shown[0], real[0], `${path}[0]`) : undefined
  }
  if (isObject(shown)) {
    if (!isObject(real)) return `${path} is no object: ${JSON.stringify(real)}`
    for (const [name, value] of Object.entries(shown)) {
      if (!(name in real)) return `there is no ${path}.${name}: ${JSON.stringify(real)}`
      const fault = differs(value, real[name], `${path}.${name}`)
      if (fault) return fault
    }
    return undefined
  }
  if (/\.(retMessage|retCode)$/.test(path) && !isLike(String(shown), String(real)))
    return `${path} is ${JSON.stringify(real)}, not ${JSON.stringify(shown)}`
  const [kind, found] = [typeof shown, typeof real]
  return kind === found || shown === null || real === null
    ? undefined
    : `${path} is a ${found}, not a ${kind}`
}

function isLike(shown: string, real: string): boolean {
  const parts = shown.split('…').map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(real)
}

/** `curl -i` prints the headers before the body. */
function afterHeaders(answer: string): string {
  return /^HTTP\/[\d.]+ \d/.test(answer) ? answer.slice(answer.indexOf('\r\n\r\n') + 4) : answer
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
