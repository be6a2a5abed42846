/** Somebody whom a message is for: everybody, a department with all below it, the people of a tag or a group, or one member. */
export type Receiver = { kind: 'all' | 'department' | 'tag' | 'group' | 'member'; id: string; name: string }

/** The key by which a list of choices knows a receiver. */
export function keyOf({ kind, id }: Pick<Receiver, 'kind' | 'id'>): string {
  return `${kind}:${id}`
}

export function kindOf(key: string): Receiver['kind'] {
  return key.slice(0, key.indexOf(':')) as Receiver['kind']
}

export function receiverOf(key: string, name: string): Receiver {
  const kind = kindOf(key)
  return { kind, id: key.slice(kind.length + 1), name }
}

/** Everybody takes nobody beside it: what was chosen last decides. */
export function withoutContradiction(before: readonly Receiver[], after: readonly Receiver[]): Receiver[] {
  const everybody = after.find(one => one.kind === 'all')
  if (!everybody) return [...after]
  const isNew = !before.some(one => one.kind === 'all')
  return isNew || after.length === 1 ? [everybody] : after.filter(one => one !== everybody)
}

/** The inputs of the call. */
export function inputsOf(to: readonly Receiver[]) {
  const of = (kind: Receiver['kind']) => to.flatMap(one => (one.kind === kind ? [one.id] : []))
  const toGroup = of('group')
  return {
    toUser: to.some(one => one.kind === 'all') ? ['@all'] : of('member'),
    toParty: of('department'),
    toTag: of('tag'),
    ...(toGroup.length > 0 ? { toGroup } : {}),
  }
}
