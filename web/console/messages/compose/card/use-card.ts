import { createContext, use } from 'react'
import type { WecomCard } from '../../../../ui/wecom-card/wecom-card.ts'
import { type Path, valueAt, withValue } from './card-draft.ts'

/** What the server said about fields of the card, by their paths. */
export type CardNotes = ReadonlyMap<Path, string>

export type CardDraft = {
  card: WecomCard
  change(card: WecomCard): void
  problems: CardNotes
  warnings: CardNotes
  /** It is what a card becomes when it is pressed, and may be shown as finished. */
  isReplacement: boolean
  /** Tells the fields of two cards on one page apart. */
  id: string
}

export const CardContext = createContext<CardDraft | undefined>(undefined)

export function useCard(): CardDraft {
  const edited = use(CardContext)
  if (!edited) throw new Error('a field of a card outside its editor')
  return edited
}

export function useField(path: Path) {
  const { card, change, problems, warnings, id } = useCard()
  const problem = problems.get(path)
  const warning = warnings.get(path)
  return {
    id: `${id}-${path}`,
    value: valueAt(card, path),
    set: (value: unknown) => change(withValue(card, path, value)),
    /** Of a form's item. */
    said: problem
      ? { validateStatus: 'error' as const, help: problem }
      : warning
        ? { validateStatus: 'warning' as const, help: warning }
        : {},
  }
}
