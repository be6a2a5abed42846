import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../ui/data/api.ts'
import { signByPasskey } from '../ui/data/passkeys.ts'
import { useText } from '../ui/text.ts'
import { Failed } from '../workbench/states.tsx'
import { PasskeyButton } from './entrances/passkey-button.tsx'
import { SecondStep } from './second-step.tsx'
import { Waiting } from './waiting.tsx'

/** The second factor of somebody whose session began without it. `onNone`: they have none yet. */
export function GiveFactor(props: { onDone(): void; onNone(): ReactNode; onBack(): void }): ReactNode {
  const t = useText('sign-in')
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/second-factor'],
    queryFn: () => api.get('/web/second-factor'),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  if (!data.isOn) return props.onNone()
  const byPasskey = async () => {
    const given = await signByPasskey(await api.post('/web/second-factor/passkey/begin'))
    await api.post('/web/second-factor/passkey', given)
    props.onDone()
  }
  return (
    <SecondStep
      hasAuthenticator={data.hasAuthenticator}
      send={async code => {
        await api.post('/web/second-factor/prove', { code })
        props.onDone()
      }}
      onBack={props.onBack}
      back={t('otherAccount')}
      passkey={data.passkeys > 0 ? <PasskeyButton isFirst={!data.hasAuthenticator} use={byPasskey} /> : null}
    />
  )
}
