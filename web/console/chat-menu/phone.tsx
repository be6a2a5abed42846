import { PlusOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { type Button, isSame, menuLimits, type Spot } from './draft.ts'
import { useMenuText } from './owner.tsx'

/** The menu as a phone shows it. Its buttons are chosen here to be edited, where `onChoose` is given. */
export function Phone(props: {
  name: string
  buttons: readonly Button[]
  chosen?: Spot | undefined
  onChoose?(spot: Spot): void
  onAdd?(at: number | undefined): void
}): ReactNode {
  const t = useMenuText()
  const { buttons, chosen, onChoose, onAdd } = props
  return (
    <section className="oa-phone" aria-label={t('phone')}>
      <div className="oa-phone-head">{props.name}</div>
      <div className="oa-phone-body" />
      <div className="oa-phone-menu">
        {buttons.map((button, at) => (
          // Buttons have no ids; while one is edited its place is what stays.
          <div className="oa-phone-column" key={at}>
            {button.sub?.length || chosen?.at === at ? (
              <div className="oa-phone-subs">
                {(button.sub ?? []).map((sub, n) => (
                  <PhoneButton
                    key={n}
                    button={sub}
                    isChosen={isSame(chosen, { at, sub: n })}
                    onChoose={onChoose && (() => onChoose({ at, sub: n }))}
                  />
                ))}
                {onAdd && chosen?.at === at && (button.sub?.length ?? 0) < menuLimits.sub ? (
                  <AddButton label={t('addSub')} onAdd={() => onAdd(at)} />
                ) : null}
              </div>
            ) : null}
            <PhoneButton
              button={button}
              isChosen={isSame(chosen, { at })}
              onChoose={onChoose && (() => onChoose({ at }))}
            />
          </div>
        ))}
        {onAdd && buttons.length < menuLimits.buttons ? (
          <div className="oa-phone-column">
            <AddButton label={t('addButton')} onAdd={() => onAdd(undefined)} />
          </div>
        ) : null}
      </div>
    </section>
  )
}

function PhoneButton(props: {
  button: Button
  isChosen: boolean
  onChoose: (() => void) | undefined
}): ReactNode {
  const { name, sub } = props.button
  const text = `${sub?.length ? '≡ ' : ''}${name || '…'}`
  if (!props.onChoose) return <span className="oa-phone-button">{text}</span>
  return (
    <button type="button" className="oa-phone-button" aria-pressed={props.isChosen} onClick={props.onChoose}>
      {text}
    </button>
  )
}

function AddButton(props: { label: string; onAdd(): void }): ReactNode {
  return (
    <button
      type="button"
      className="oa-phone-button"
      aria-label={props.label}
      title={props.label}
      onClick={props.onAdd}
    >
      <PlusOutlined />
    </button>
  )
}
