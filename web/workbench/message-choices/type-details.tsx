import { type ReactNode, useState } from 'react'
import { useErrorText } from '../../ui/data/error-text.ts'
import { type Translator, useText } from '../../ui/text.ts'
import { Icon } from '../icons.tsx'
import { type TypeOfPerson, useTypeChange } from './choices-data.ts'

type Change = ReturnType<typeof useTypeChange>

/** By which ways a type comes, in which order, and whether in a digest. What is changed holds at once. */
export function TypeDetails({ type, decided }: { type: TypeOfPerson; decided: string }): ReactNode {
  const t = useText('message-choices')
  const textOf = useErrorText()
  const change = useTypeChange(type.key)
  const { level, waysBy, digest } = type
  const isChosen = waysBy === 'person' || digest !== ''
  return (
    <div className="wb-scroll wb-choices-form">
      <p className="wb-quiet">
        {[decided, waysBy === 'person' || waysBy === 'type' ? t(`waysBy_${waysBy}`) : '']
          .filter(Boolean)
          .join(' · ')}
      </p>
      <Ways type={type} change={change} />
      {level === 'normal' ? <Digest type={type} change={change} /> : null}
      <div role="alert">
        {change.error ? <p className="wb-choices-wrong">{textOf(change.error)}</p> : null}
      </div>
      {isChosen ? (
        <button
          type="button"
          className="wb-button"
          disabled={change.isPending}
          onClick={() =>
            change.mutate({ channels: [], without: [], ...(level === 'normal' ? { digest: 'type' } : {}) })
          }
        >
          {t('asType')}
        </button>
      ) : null}
    </div>
  )
}

function Ways({ type, change }: { type: TypeOfPerson; change: Change }): ReactNode {
  const t = useText('message-choices')
  const { ways, level } = type
  const order = ways.map(one => one.channel)
  const without = ways.filter(one => !one.isOn).map(one => one.channel)
  const moveUp = (at: number) =>
    change.mutate({ channels: order.with(at - 1, order[at]!).with(at, order[at - 1]!) })
  return (
    <fieldset disabled={level === 'urgent' || change.isPending}>
      <legend>{t('ways')}</legend>
      <p className="wb-quiet">{t(level === 'must' ? 'lastWay' : 'waysHint')}</p>
      <ol>
        {ways.map(({ channel, name, isOn, reaches }, at) => (
          <li key={channel}>
            <label className="wb-grow">
              <input
                type="checkbox"
                checked={isOn}
                onChange={event =>
                  change.mutate({
                    without: event.target.checked
                      ? without.filter(one => one !== channel)
                      : [...without, channel],
                  })
                }
              />
              <span>
                {name}
                {reaches ? null : <small>{t('notReached')}</small>}
              </span>
            </label>
            {at > 0 && level !== 'urgent' ? (
              <button
                type="button"
                className="wb-plain wb-choices-up"
                aria-label={t('up', { name })}
                onClick={() => moveUp(at)}
              >
                <Icon name="chevron" size={18} />
              </button>
            ) : null}
          </li>
        ))}
      </ol>
    </fieldset>
  )
}

const usualTime = '18:00'

function Digest({
  type: { digest, digestOfType },
  change,
}: {
  type: TypeOfPerson
  change: Change
}): ReactNode {
  const t = useText('message-choices')
  const [time, setTime] = useState(digest.includes(':') ? digest : usualTime)
  const kind = digest === '' ? 'type' : digest === 'off' ? 'off' : 'daily'
  const kinds = [
    ['type', t('digestType', { what: digestWords(t, digestOfType) })],
    ['off', t('digestOff')],
    ['daily', t('digestOwn')],
  ] as const
  return (
    <fieldset disabled={change.isPending}>
      <legend>{t('digest')}</legend>
      {kinds.map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            name="digest"
            checked={kind === value}
            onChange={() => change.mutate({ digest: value === 'daily' ? time : value })}
          />
          <span>{words}</span>
        </label>
      ))}
      {kind === 'daily' ? (
        <label>
          <span>{t('digestAt')}</span>
          <input
            type="time"
            required
            value={time}
            onChange={event => setTime(event.target.value)}
            onBlur={() => (time && time !== digest ? change.mutate({ digest: time }) : undefined)}
          />
        </label>
      ) : null}
    </fieldset>
  )
}

function digestWords(t: Translator<'message-choices'>, ofType: string): string {
  if (ofType === '') return t('digestNone')
  return ofType.includes(':') ? t('digestDaily', { at: ofType }) : t('digestMinutes', { n: Number(ofType) })
}
