import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Answer, api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { useText } from '../ui/text.ts'
import { useOwnExternal } from './data.ts'

type OwnAnswer = Answer<'/web/portal/external'>

/** What the person is asked: whether an account from outside WeCom was theirs, and whether one whom they sponsor is a member now. */
export function OwnExternal(): ReactNode {
  const t = useText('portal')
  const textOf = useErrorText()
  const { data, error } = useOwnExternal()
  if (error) return <p className="wb-none">{textOf(error)}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  if (data.mine.length + data.sponsored.length === 0) return <p className="wb-none">{t('externalNone')}</p>
  return (
    <ul className="wb-rows wb-sessions">
      {data.mine.map(one => (
        <li key={one.externalId} className="wb-link-row">
          <Mine one={one} />
        </li>
      ))}
      {data.sponsored.map(one => (
        <li key={`${one.externalId} ${one.memberId}`} className="wb-link-row">
          <Sponsored one={one} />
        </li>
      ))}
    </ul>
  )
}

const useRefresh = () => {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['/web/portal/external'] })
}

function Failure({ error }: { error: unknown }): ReactNode {
  const textOf = useErrorText()
  return <div role="alert">{error ? <p className="wb-links-hint">{textOf(error)}</p> : null}</div>
}

function Mine({ one }: { one: OwnAnswer['mine'][number] }): ReactNode {
  const t = useText('portal')
  const onSettled = useRefresh()
  const { externalId, mobile, isProved } = one
  const [code, setCode] = useState('')
  const ask = useMutation({ mutationFn: () => api.post('/web/portal/external/code', { externalId }) })
  const state = ask.data?.state
  const prove = useMutation({
    mutationFn: () => api.post('/web/portal/external/prove', { state: state ?? '', code }),
    onSettled,
  })
  if (isProved) return <p>{t('externalProved', { mobile })}</p>
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (state) prove.mutate()
        else ask.mutate()
      }}
    >
      <p>{t('externalMine', { mobile })}</p>
      <p className="wb-quiet">{t('externalNotMine')}</p>
      <Failure error={prove.error ?? ask.error} />
      {state ? (
        <label>
          {t('externalCode')}
          <input
            className="wb-input"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={12}
            value={code}
            onChange={event => setCode(event.target.value)}
          />
        </label>
      ) : null}
      <button type="submit" className="wb-button wb-primary" disabled={ask.isPending || prove.isPending}>
        {t(state ? 'externalProve' : 'externalSend')}
      </button>
    </form>
  )
}

function Sponsored({ one }: { one: OwnAnswer['sponsored'][number] }): ReactNode {
  const t = useText('portal')
  const onSettled = useRefresh()
  const { externalId, memberId, name, organisation, memberName, memberUserId } = one
  const decide = useMutation({
    mutationFn: (accept: '0' | '1') =>
      api.post('/web/portal/external/decide', { externalId, memberId, accept }),
    onSettled,
  })
  return (
    <>
      <p>{t('externalSponsored', { name, organisation, member: memberName, userId: memberUserId })}</p>
      <Failure error={decide.error} />
      <button
        type="button"
        className="wb-button wb-primary"
        disabled={decide.isPending}
        onClick={() => decide.mutate('1')}
      >
        {t('externalYes')}
      </button>{' '}
      <button
        type="button"
        className="wb-button"
        disabled={decide.isPending}
        onClick={() => decide.mutate('0')}
      >
        {t('externalNo')}
      </button>
    </>
  )
}
