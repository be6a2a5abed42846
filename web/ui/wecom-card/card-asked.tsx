import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import { listOf, partOf, textOf } from './loose.ts'
import type { Selection, WecomCard } from './wecom-card.ts'

/** What the card asks for besides being pressed: a choice above the buttons, several choices, or a vote. */
export function Asked({ card }: { card: WecomCard }): ReactNode {
  const selections = [
    ...(card.button_selection ? [partOf(card.button_selection)] : []),
    ...listOf(card.select_list),
  ]
  return (
    <>
      {selections.map((one, at) => (
        <Chosen key={at} of={one} />
      ))}
      {card.checkbox ? <Vote card={card} /> : null}
    </>
  )
}

/** Without a choice of the sender's, WeCom chooses the first option. */
function Chosen({ of }: { of: Selection }): ReactNode {
  const t = useText('wecom-card')
  const options = listOf(of.option_list)
  const chosen = options.find(one => one.id === of.selected_id) ?? options[0]
  const words = options.map(one => textOf(one.text)).join(' · ')
  return (
    <div className="wecom-card-select" aria-disabled={of.disable === true} title={words}>
      {of.title ? <span className="wecom-card-grey">{textOf(of.title)}</span> : null}
      <span>{textOf(chosen?.text) || t('choose')}</span>
      <span className="wecom-card-down" aria-hidden />
    </div>
  )
}

function Vote({ card }: { card: WecomCard }): ReactNode {
  const { mode, option_list, disable } = partOf(card.checkbox)
  const isMany = Number(mode ?? 0) === 1
  return (
    <ul className="wecom-card-vote" aria-disabled={disable === true}>
      {listOf(option_list).map((one, at) => (
        <li key={at} data-many={isMany} data-checked={one.is_checked === true}>
          <span aria-hidden />
          {textOf(one.text)}
        </li>
      ))}
    </ul>
  )
}

export function Buttons({ card, replacedBy }: { card: WecomCard; replacedBy: string }): ReactNode {
  const t = useText('wecom-card')
  const isAsked = Boolean(card.checkbox ?? card.select_list ?? card.submit_button)
  const submit = { text: textOf(partOf(card.submit_button).text) || t('submit'), style: 1 }
  const buttons = [...listOf(card.button_list), ...(isAsked ? [submit] : [])]
  if (buttons.length === 0) return null
  if (replacedBy)
    return (
      <div className="wecom-card-buttons" data-n={1}>
        <span data-style="replaced">{replacedBy}</span>
      </div>
    )
  return (
    <div className="wecom-card-buttons" data-n={buttons.length}>
      {buttons.map((button, at) => (
        <span key={at} data-style={styleOf(button.style)}>
          {textOf(button.text)}
        </span>
      ))}
    </div>
  )
}

/** WeCom takes whatever is no style of its own for the first. */
function styleOf(style: unknown): number {
  return [1, 2, 3, 4].includes(Number(style)) ? Number(style) : 1
}
