import { type ReactNode, useState } from 'react'
import { ButtonForm } from './button-form.tsx'
import {
  addSub,
  type Button,
  buttonAt,
  moveButton,
  newButton,
  removeButton,
  type Spot,
  setButton,
} from './draft.ts'
import { useMenuOwner, useMenuText } from './owner.tsx'
import { Phone } from './phone.tsx'

/** The buttons of one menu: chosen in the phone, changed beside it. */
export function Buttons(props: { buttons: readonly Button[]; onChange(buttons: Button[]): void }): ReactNode {
  const t = useMenuText()
  const { name } = useMenuOwner()
  const { buttons, onChange } = props
  const [chosen, setChosen] = useState<Spot>()
  const button = chosen && buttonAt(buttons, chosen)
  const add = (at: number | undefined) => {
    if (at === undefined) {
      onChange([...buttons, newButton(t('newName'))])
      setChosen({ at: buttons.length })
    } else {
      const sub = buttons[at]?.sub?.length ?? 0
      onChange(addSub(buttons, at, t('newName')))
      setChosen({ at, sub })
    }
  }
  const move = (spot: Spot, by: -1 | 1) => {
    const { at, sub } = spot
    const next = sub === undefined ? { at: at + by } : { at, sub: sub + by }
    if (!buttonAt(buttons, next)) return
    onChange(moveButton(buttons, spot, by))
    setChosen(next)
  }
  return (
    <div className="oa-menu-columns">
      <Phone name={name} buttons={buttons} chosen={chosen} onChoose={setChosen} onAdd={add} />
      <div className="oa-menu-form">
        {button && chosen ? (
          <ButtonForm
            key={`${chosen.at} ${chosen.sub}`}
            button={button}
            spot={chosen}
            onChange={changed => onChange(setButton(buttons, chosen, changed))}
            onMove={by => move(chosen, by)}
            onRemove={() => {
              onChange(removeButton(buttons, chosen))
              setChosen(undefined)
            }}
          />
        ) : (
          <p className="wisp-quiet">{t('choose')}</p>
        )}
      </div>
    </div>
  )
}
