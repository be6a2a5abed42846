import { readStored, writeChoice } from '../../ui/storage/stored.ts'

const keyOf = (corpId: string) => `wisp.account ${corpId}`

/** The account that somebody worked with last, for when they come back to the pages about accounts. */
export function keptAccount(corpId: string): string {
  return readStored(keyOf(corpId))
}

export function keepAccount(corpId: string, originalId: string): void {
  writeChoice(keyOf(corpId), originalId)
}
