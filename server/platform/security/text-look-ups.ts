import { Resolver } from 'node:dns/promises'

/** Asks for the TXT records of a name, each in the pieces in which the DNS keeps it. `signal`: nobody waits any more. */
export type AskTexts = (name: string, signal: AbortSignal) => Promise<string[][]>

/** `textsWithinMs`: after how long nobody waits for a name server any more; five seconds. */
export type TextOptions = { askTexts?: AskTexts; textsWithinMs?: number }

/** c-ares takes no thread, unlike the look-ups of addresses, and can be broken off. */
export function createTexts({
  askTexts: ask = askDns,
  textsWithinMs: withinMs = 5000,
}: TextOptions): (name: string) => Promise<string[]> {
  return async name => {
    const over = AbortSignal.timeout(withinMs)
    const { promise: isOver, reject } = Promise.withResolvers<never>()
    const giveUp = () => reject(new Error(`no answer about ${name} within ${withinMs} ms`))
    over.addEventListener('abort', giveUp, { once: true })
    try {
      const records = await Promise.race([ask(name, over), isOver])
      return records.map(pieces => pieces.join(''))
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === 'ENOTFOUND' || code === 'ENODATA') return []
      throw error
    } finally {
      over.removeEventListener('abort', giveUp)
    }
  }
}

const askDns: AskTexts = (name, signal) => {
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  signal.addEventListener('abort', () => resolver.cancel(), { once: true })
  return resolver.resolveTxt(name)
}
