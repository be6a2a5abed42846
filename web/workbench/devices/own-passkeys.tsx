import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { api, CallError } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { hasPasskeys, makePasskey, PasskeyDeclined } from '../../ui/data/passkeys.ts'
import { useText } from '../../ui/text.ts'
import { useClientName } from '../../ui/values/client-name.ts'
import { formatTime } from '../../ui/values/format.ts'
import { ConfirmFirst, useFactor } from './confirm-first.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

const path = '/web/passkeys'

export function OwnPasskeys(): ReactNode {
  const t = useText('devices')
  const textOf = useErrorText()
  const clientName = useClientName()
  const client = useQueryClient()
  const factor = useFactor()
  const { data } = useQuery({ queryKey: [path], queryFn: () => api.get(path) })
  const [failure, setFailure] = useState<unknown>()
  const [codes, setCodes] = useState<readonly string[]>([])
  const act = async (work: () => Promise<unknown>) => {
    setFailure(undefined)
    try {
      await work()
    } catch (error) {
      setFailure(error)
    }
    await Promise.all(
      [path, '/web/second-factor', '/web/sessions'].map(key => client.invalidateQueries({ queryKey: [key] })),
    )
  }
  const add = async () => {
    const made = await makePasskey(await api.post('/web/passkeys/begin'))
    const name = clientName(navigator.userAgent) || t('passkey')
    setCodes((await api.post('/web/passkeys/finish', { ...made, name })).recoveryCodes)
  }
  if (!data || !factor) return <p className="wb-none">{t('loading')}</p>
  const words = () => {
    if (failure instanceof PasskeyDeclined) return t('passkeyDeclined')
    return failure instanceof CallError ? textOf(failure) : t('passkeyFailed')
  }
  const isPossible = data.isPossible && hasPasskeys()
  return (
    <>
      <p className="wb-quiet">{t(isPossible ? 'passkeysHint' : 'passkeysNotHere')}</p>
      <ul className="wb-rows wb-sessions">
        {data.list.map(one => (
          <li key={one.id}>
            <span className="wb-grow">
              {one.name}
              <small>
                {one.host} · {one.usedAt ? t('usedAt', { at: formatTime(one.usedAt) }) : t('neverUsed')}
              </small>
            </span>
            {factor.isFresh ? (
              <button
                type="button"
                className="wb-button"
                aria-label={t('removeNamed', { name: one.name })}
                onClick={() => void act(() => api.post('/web/passkeys/remove', { id: one.id }))}
              >
                {t('remove')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      <p role="alert" className="wb-wrong">
        {failure ? words() : null}
      </p>
      <RecoveryCodes codes={codes} />
      {!isPossible && data.list.length === 0 ? null : factor.isFresh ? (
        isPossible ? (
          <button type="button" className="wb-button" onClick={() => void act(add)}>
            {t('addPasskey')}
          </button>
        ) : null
      ) : (
        <ConfirmFirst isOn={factor.isOn} words={t(data.list.length > 0 ? 'changePasskeys' : 'addPasskey')} />
      )}
    </>
  )
}
