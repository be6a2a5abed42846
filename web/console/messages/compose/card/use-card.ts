import { createContext, use } from 'react'
import type { WecomCard } from '../../../../ui/wecom-card/wecom-card.ts'
import { type Path, valueAt, withLabel, withValue } from './card-draft.ts'

/** What the server said about fields of the card, by their paths. */
export type CardNotes = ReadonlyMap<Path, string>

export type CardDraft = {
  card: WecomCard
  change(card: WecomCard): void
  problems: CardNotes
  warnings: CardNotes
  /** It is what a card becomes when it is pressed, and may be shown as finished. */
  isReplacement: boolean
  /** Whether the fields for programs are shown, by which answers are counted. */
  hasKeys: boolean
  /** Whether to say what is wrong with a field: nobody is told before they touched it, or wanted to send. */
  isTold(path: Path): boolean
  touch(path: Path): void
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
  const { card, change, problems, warnings, isTold, touch, isReplacement, id } = useCard()
  const problem = isTold(path) ? problems.get(path) : undefined
  const warning = warnings.get(path)
  return {
    id: `${id}-${path}`,
    value: valueAt(card, path),
    touch: () => touch(path),
    set(value: unknown) {
      touch(path)
      change(withValue(card, path, value))
    },
    /** Sets a label, which the key beside it follows. Answers to a card that was sent are counted by the keys that it had. */
    setLabel(value: string, keyName: 'key' | 'id' | 'question_key') {
      touch(path)
      change(isReplacement ? withValue(card, path, value) : withLabel(card, path, value, keyName))
    },
    /** Of a form's item. */
    said: problem
      ? { validateStatus: 'error' as const, help: problem }
      : warning
        ? { validateStatus: 'warning' as const, help: warning }
        : {},
  }
}
