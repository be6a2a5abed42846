import { useMemo } from 'react'
import { CallError } from '../../../../ui/data/api.ts'
import { useErrorText } from '../../../../ui/data/error-text.ts'
import { useText } from '../../../../ui/text.ts'
import type { PreviewState } from '../../channels/channel-view.ts'
import { besideField, pathIn } from './card-words.ts'
import type { CardNotes } from './use-card.ts'

type CardFindings = { problems: CardNotes; warnings: CardNotes }

/**
 * What the server says of the card, by the paths that it names: `card.button_list[2].key` or `onPress.card.main_title.title`. `card` has
 * the paths inside the card.
 */
export function useSaid(checked: PreviewState): { all: CardFindings; card: CardFindings } {
  const textOf = useErrorText()
  const t = useText('cards')
  const { error, warnings: given } = checked
  const words = error instanceof CallError ? textOf(error) : ''
  return useMemo(() => {
    const path = pathIn(words)
    const problems = new Map(path ? [[path, besideField(t, words)]] : [])
    const warnings = new Map<string, string>()
    for (const one of given) warnings.set(one.path, one.message)
    const all = { problems, warnings }
    return { all, card: { problems: inside(problems), warnings: inside(warnings) } }
  }, [words, given, t])
}

export function inside(said: CardNotes): CardNotes {
  return new Map(
    [...said].flatMap(([path, words]) => (path.startsWith('card.') ? [[path.slice(5), words]] : [])),
  )
}
