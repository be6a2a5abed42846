/** Who acts without being a person, as rows keep them; the word of each. */
const words = {
  cli: 'actorCli',
  wisp: 'actorWisp',
  wecom: 'actorWecom',
  nightly: 'actorNightly',
  outage: 'actorOutage',
  admin: 'actorAdmin',
} as const

/**
 * The word for a program or account that did something; undefined for a person. Persons alone have a name of their own: a member whose
 * account is 'admin' is not taken for the system's.
 */
export function actorWord(id: string, name = ''): (typeof words)[keyof typeof words] | undefined {
  return (name === '' || name === id) && Object.hasOwn(words, id)
    ? words[id as keyof typeof words]
    : undefined
}

const atOnceMs = 20
/** As many as one call takes. */
const idsAtMost = 100

type Batch = { corpId: string; ids: Set<string>; names: Promise<Map<string, string>> }
type Ask = (ids: string[]) => Promise<readonly { id: string; name: string }[]>

/** Asks for the names that a page wants at one moment in as few calls as there can be. Resolves to the id where there is no name. */
export function createNaming(ask: Ask): (corpId: string, id: string) => Promise<string> {
  let waiting: Batch | undefined

  async function namesSoon(ids: Set<string>): Promise<Map<string, string>> {
    await new Promise(resolve => setTimeout(resolve, atOnceMs))
    if (waiting?.ids === ids) waiting = undefined
    return new Map((await ask([...ids])).map(one => [one.id, one.name]))
  }

  return (corpId, id) => {
    if (waiting?.corpId !== corpId || waiting.ids.size >= idsAtMost) {
      const ids = new Set<string>()
      waiting = { corpId, ids, names: namesSoon(ids) }
    }
    waiting.ids.add(id)
    return waiting.names.then(names => names.get(id) ?? id)
  }
}
