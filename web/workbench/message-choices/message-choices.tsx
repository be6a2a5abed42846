import './message-choices.css'
import { type ReactNode, useState } from 'react'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'
import { Icon } from '../icons.tsx'
import { Sheet } from '../sheet.tsx'
import { type MyChoices, type TypeOfPerson, useAllOff, useMyChoices, useTypeChange } from './choices-data.ts'
import { QuietForm, quietWords } from './quiet-form.tsx'
import { Switch } from './switch.tsx'
import { TypeDetails } from './type-details.tsx'

/** What the person gets, by which ways and when: for all messages, then by app. */
export function MessageChoices(): ReactNode {
  const t = useText('message-choices')
  const textOf = useErrorText()
  const { data, error } = useMyChoices()
  if (error) return <p className="wb-none">{textOf(error)}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  return (
    <div className="wb-choices">
      <ForAll choices={data} />
      {data.types.length === 0 ? (
        <div className="wb-none">
          <strong>{t('none')}</strong>
          <p>{t('noneHint')}</p>
        </div>
      ) : null}
      {[...Map.groupBy(data.types, one => one.sender)].map(([sender, types]) => (
        <section key={sender}>
          <h3>{sender}</h3>
          <ul>
            {types.map(one => (
              <TypeRow key={one.key} type={one} isAllOff={data.isAllOff} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function ForAll({ choices }: { choices: MyChoices }): ReactNode {
  const t = useText('message-choices')
  const textOf = useErrorText()
  const [isOpen, setOpen] = useState(false)
  const change = useAllOff()
  const { isAllOff, quietHours } = choices
  return (
    <section>
      <ul>
        <li>
          <span className="wb-grow">
            {t('allOff')}
            <small>{t('allOffHint')}</small>
          </span>
          <Switch
            name={t('allOff')}
            isOn={isAllOff}
            isDisabled={change.isPending}
            onChange={isOn => change.mutate(isOn)}
          />
        </li>
        <li>
          <button type="button" className="wb-choices-open" onClick={() => setOpen(true)}>
            <span className="wb-grow">
              {t('quiet')}
              <small>{quietHours ? quietWords(t, quietHours) : t('quietNone')}</small>
            </span>
            <Icon name="chevron" size={16} />
          </button>
        </li>
      </ul>
      <div role="alert">
        {change.error ? <p className="wb-choices-wrong">{textOf(change.error)}</p> : null}
      </div>
      {isOpen ? (
        <Sheet place="middle" className="wb-choices-sheet" title={t('quiet')} onClose={() => setOpen(false)}>
          <QuietForm choices={choices} onDone={() => setOpen(false)} />
        </Sheet>
      ) : null}
    </section>
  )
}

/** Who decided whether the type arrives. */
export function useDecided(): (type: TypeOfPerson) => string {
  const t = useText('message-choices')
  return ({ isOn, decidedBy, level }) => {
    if (!isOn) return t(decidedBy === 'allOff' ? 'off_allOff' : 'off_person')
    if (decidedBy === 'level') return t(level === 'urgent' ? 'on_level_urgent' : 'on_level_must')
    if (decidedBy === 'person') return t('on_person')
    return t(decidedBy === 'corp' ? 'on_corp' : 'on_type')
  }
}

function TypeRow({ type, isAllOff }: { type: TypeOfPerson; isAllOff: boolean }): ReactNode {
  const t = useText('message-choices')
  const textOf = useErrorText()
  const decided = useDecided()
  const [isOpen, setOpen] = useState(false)
  const change = useTypeChange(type.key)
  const { name, level, isOn } = type
  // While everything is off, a type that is switched on has to say so itself.
  const toSwitch = (on: boolean) => (on ? (isAllOff ? 'on' : 'default') : 'off')
  return (
    <li>
      <button type="button" className="wb-choices-open" onClick={() => setOpen(true)}>
        <span className="wb-grow">
          {name}
          <small>{decided(type)}</small>
        </span>
        <Icon name="chevron" size={16} />
      </button>
      {level === 'normal' ? (
        <Switch
          name={t('receive', { name })}
          isOn={isOn}
          isDisabled={change.isPending}
          onChange={on => change.mutate({ switched: toSwitch(on) })}
        />
      ) : (
        <span className="wb-choices-level">{t(level === 'must' ? 'level_must' : 'level_urgent')}</span>
      )}
      <div role="alert">
        {change.error ? <p className="wb-choices-wrong">{textOf(change.error)}</p> : null}
      </div>
      {isOpen ? (
        <Sheet place="middle" className="wb-choices-sheet" title={name} onClose={() => setOpen(false)}>
          <TypeDetails type={type} decided={decided(type)} />
        </Sheet>
      ) : null}
    </li>
  )
}
