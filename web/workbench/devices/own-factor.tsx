import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'
import { backHere, useFactor } from './confirm-first.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

/** The authenticator, and recovery codes. */
export function OwnFactor(): ReactNode {
  const t = useText('devices')
  const factor = useFactor()
  const [asked, setAsked] = useState<'codes' | 'remove'>()
  const [codes, setCodes] = useState<readonly string[]>([])
  if (!factor) return <p className="wb-none">{t('loading')}</p>
  const setUp = `/signin?${new URLSearchParams({ setup: 'second-factor', to: backHere() })}`
  const { hasAuthenticator, isOn, recoveryCodes } = factor
  return (
    <>
      <p className="wb-quiet">
        {t(hasAuthenticator ? 'factorOn' : 'factorOff')}
        {isOn ? ` ${t('codesLeft', { n: recoveryCodes })}` : ''}
      </p>
      <div className="wb-acts">
        <a className="wb-button" href={setUp}>
          {t(hasAuthenticator ? 'otherAuthenticator' : 'setUp')}
        </a>
        {isOn ? (
          <button type="button" className="wb-button" onClick={() => setAsked('codes')}>
            {t('newCodes')}
          </button>
        ) : null}
        {hasAuthenticator && !factor.isRequired ? (
          <button type="button" className="wb-button" onClick={() => setAsked('remove')}>
            {t('turnOff')}
          </button>
        ) : null}
      </div>
      {asked ? (
        <CodeForm
          key={asked}
          act={asked}
          onDone={made => {
            setCodes(made)
            setAsked(undefined)
          }}
        />
      ) : null}
      <RecoveryCodes codes={codes} />
    </>
  )
}

function CodeForm(props: { act: 'codes' | 'remove'; onDone(made: readonly string[]): void }): ReactNode {
  const t = useText('devices')
  const textOf = useErrorText()
  const client = useQueryClient()
  const [failure, setFailure] = useState<unknown>()
  const submit = async (code: string) => {
    setFailure(undefined)
    try {
      if (props.act === 'codes')
        props.onDone((await api.post('/web/second-factor/recovery-codes', { code })).recoveryCodes)
      else {
        await api.post('/web/second-factor/remove', { code })
        props.onDone([])
      }
      await client.invalidateQueries({ queryKey: ['/web/second-factor'] })
    } catch (error) {
      setFailure(error)
    }
  }
  return (
    <form
      className="wb-code-form"
      onSubmit={event => {
        event.preventDefault()
        void submit(String(new FormData(event.currentTarget).get('code') ?? ''))
      }}
    >
      <label>
        {t('giveCode')}
        <input name="code" autoComplete="one-time-code" required />
      </label>
      <button type="submit" className="wb-button wb-primary">
        {t(props.act === 'codes' ? 'newCodes' : 'turnOff')}
      </button>
      <p role="alert" className="wb-wrong">
        {failure ? textOf(failure) : null}
      </p>
    </form>
  )
}
