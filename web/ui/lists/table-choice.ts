import { useState } from 'react'
import { useSession } from '../data/session.tsx'
import { readStored, writeChoice } from '../storage/stored.ts'

/** How somebody wants to see tables: which columns of one are hidden, by their keys, and how dense the rows of all are. */
export type TableChoice = { hidden: readonly string[]; isDense: boolean }

/** What this browser keeps of it for the person who is signed in. `list` names the table. */
export function useTableChoice(list: string): [TableChoice, (choice: Partial<TableChoice>) => void] {
  const { person } = useSession()
  const who = `${person.corpId} ${person.userId}`
  const [columnsKey, densityKey] = [`wisp.columns ${who} ${list}`, `wisp.density ${who}`]
  const [choice, setChoice] = useState<TableChoice>(() => ({
    hidden: readStored(columnsKey).split(' ').filter(Boolean),
    isDense: readStored(densityKey) === 'dense',
  }))
  const choose = (change: Partial<TableChoice>) => {
    setChoice({ ...choice, ...change })
    if (change.hidden) writeChoice(columnsKey, change.hidden.join(' '))
    if (change.isDense !== undefined) writeChoice(densityKey, change.isDense ? 'dense' : '')
  }
  return [choice, choose]
}
