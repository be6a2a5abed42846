import './delegations.css'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useId, useState } from 'react'
import { momentOfClock } from '../../../server/platform/moments.ts'
import { type Answer, api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'
import { formatTime, pageDay } from '../../ui/values/format.ts'
import { pageZone } from '../../ui/values/zone.ts'
import { delegationsKey, useMyDelegations } from './delegation-data.ts'
import { useTodosChanged } from './todo-data.ts'

type Delegation = Answer<'/web/todos/delegations'>['list'][number]
type Colleague = Answer<'/web/portal/picker/search'>['members'][number]

/** What the person has delegated, what others have delegated to them, and delegating for a time. */
export function Delegations(): ReactNode {
  const t = useText('todos')
  const textOf = useErrorText()
  const { data, error } = useMyDelegations()
  if (error) return <p className="wb-none">{textOf(error)}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  return (
    <div className="wb-delegations">
      <p className="wb-quiet">
        {data.isPossible ? t('delegateHint', { apps: data.apps.join('、') }) : t('delegateNot')}
      </p>
      {data.list.length > 0 ? (
        <ul className="wb-rows wb-sessions">
          {data.list.map(one => (
            <DelegationRow key={one.id} delegation={one} />
          ))}
        </ul>
      ) : null}
      {data.isPossible ? <DelegationForm /> : null}
    </div>
  )
}

function useAfterwards(): () => Promise<unknown> {
  const client = useQueryClient()
  const todosChanged = useTodosChanged()
  return () => {
    void client.invalidateQueries({ queryKey: delegationsKey })
    return todosChanged()
  }
}

function DelegationRow({ delegation: one }: { delegation: Delegation }): ReactNode {
  const t = useText('todos')
  const textOf = useErrorText()
  const done = useAfterwards()
  const end = useMutation({
    mutationFn: () => api.post('/web/todos/delegations/end', { id: one.id }),
    onSuccess: done,
  })
  const period = t('delegatePeriod', { from: formatTime(one.startsAt), to: formatTime(one.endsAt) })
  return (
    <li className="wb-link-row">
      <div className="wb-link-head">
        <span className="wb-grow">
          {one.isMine ? t('delegatedTo', { name: one.to.name }) : t('delegatedFrom', { name: one.from.name })}
          <small>{one.state === 'planned' ? t('delegatePlanned', { period }) : period}</small>
        </span>
        {one.isMine ? (
          <button type="button" className="wb-button" disabled={end.isPending} onClick={() => end.mutate()}>
            {t('delegateEnd')}
          </button>
        ) : null}
      </div>
      <div role="alert">{end.error ? <p className="wb-links-hint">{textOf(end.error)}</p> : null}</div>
    </li>
  )
}

/** On the corp's clocks. */
const momentOn = (clock: string) => new Date(momentOfClock(clock, pageZone())).toISOString()

function DelegationForm(): ReactNode {
  const t = useText('todos')
  const textOf = useErrorText()
  const done = useAfterwards()
  const today = pageDay()
  const [to, setTo] = useState<Colleague>()
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState('')
  const add = useMutation({
    mutationFn: () =>
      api.post('/web/todos/delegations/add', {
        to: to?.userId ?? '',
        // The first day from its beginning, which is now for today; the last to its end.
        ...(from > today ? { startsAt: momentOn(`${from}T00:00:00`) } : {}),
        endsAt: momentOn(`${until}T23:59:59`),
      }),
    onSuccess() {
      setTo(undefined)
      setUntil('')
      return done()
    },
  })
  return (
    <form
      className="wb-delegate"
      onSubmit={event => {
        event.preventDefault()
        if (to && until) add.mutate()
      }}
    >
      <ColleagueField value={to} onChange={setTo} />
      <div className="wb-delegate-days">
        <label>
          <span>{t('delegateFrom')}</span>
          <input
            type="date"
            required
            min={today}
            value={from}
            onChange={event => setFrom(event.target.value)}
          />
        </label>
        <label>
          <span>{t('delegateUntil')}</span>
          <input
            type="date"
            required
            min={from}
            value={until}
            onChange={event => setUntil(event.target.value)}
          />
        </label>
      </div>
      <div role="alert">{add.error ? <p className="wb-delegate-wrong">{textOf(add.error)}</p> : null}</div>
      <button type="submit" className="wb-button wb-primary" disabled={!to || !until || add.isPending}>
        {t('delegate')}
      </button>
    </form>
  )
}

function ColleagueField(props: {
  value: Colleague | undefined
  onChange(value: Colleague | undefined): void
}): ReactNode {
  const t = useText('todos')
  const id = useId()
  const [text, setText] = useState('')
  const words = useDeferredValue(text.trim())
  const { data } = useQuery({
    queryKey: ['/web/portal/picker/search', words],
    queryFn: ({ signal }) => api.get('/web/portal/picker/search', { text: words }, signal),
    enabled: words !== '' && !props.value,
  })
  if (props.value)
    return (
      <p className="wb-delegate-chosen">
        <span>
          {t('delegateTo')}：<strong>{props.value.userName}</strong> <small>{props.value.orgName}</small>
        </span>
        <button type="button" className="wb-link" onClick={() => props.onChange(undefined)}>
          {t('delegateOther')}
        </button>
      </p>
    )
  const found = words === '' ? [] : (data?.members ?? [])
  return (
    <div className="wb-delegate-who">
      <label htmlFor={id}>{t('delegateTo')}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        placeholder={t('delegateSearch')}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <ul>
        {found.slice(0, 8).map(one => (
          <li key={one.userId}>
            <button
              type="button"
              onClick={() => {
                props.onChange(one)
                setText('')
              }}
            >
              {one.userName} <small>{one.orgName}</small>
            </button>
          </li>
        ))}
      </ul>
      {words !== '' && data && found.length === 0 ? <p className="wb-quiet">{t('delegateNobody')}</p> : null}
    </div>
  )
}
