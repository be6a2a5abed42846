import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'
import { CommonFields, NumberField } from './fields.tsx'

const path = '/web/installation/protection'
const savePath = '/web/installation/protection/save'

type Read = Answer<typeof path>
type Values = Read['settings']

/** The rules for the system super administrator. */
export function InstallationForm({ read, reread }: { read: Read; reread(): Promise<unknown> }): ReactNode {
  const t = useText('protection')
  const labels = {
    consoleNetworks: t('consoleNetworks'),
    sessionsAtMost: t('sessionsAtMost'),
    sessionsFull: t('sessionsFull'),
    watermark: t('watermark'),
    adminIdleMinutes: t('adminIdleMinutes'),
    passwordLength: t('passwordLength'),
    passwordKinds: t('passwordKinds'),
    passwordDays: t('passwordDays'),
    passwordHistory: t('passwordHistory'),
  }
  const object = useObjectForm<Values, typeof savePath>(savePath, {
    shown: read.settings,
    version: read.version,
    labels,
    fields: { named: { consoleNetworks: 'consoleNetworks', adminIdleMinutes: 'adminIdleMinutes' } },
    reread,
    done: t('saved'),
    refresh: [path, '/web/session'],
  })
  const save = ({ watermark, ...values }: Values) =>
    object.run({ ...values, version: object.version, watermark: watermark ? '1' : '0' })
  return (
    <ObjectForm object={object} name="protection-installation" save={values => void save(values)}>
      <NumberField name="passwordLength" label={t('passwordLength')} min={10} max={64} />
      <NumberField name="passwordKinds" label={t('passwordKinds')} help={t('passwordKindsHelp')} max={4} />
      <NumberField name="passwordDays" label={t('passwordDays')} help={t('zeroAny')} max={365} />
      <NumberField name="passwordHistory" label={t('passwordHistory')} max={24} />
      <NumberField
        name="adminIdleMinutes"
        label={t('adminIdleMinutes')}
        help={t('idleHelp', { most: 60 })}
        max={60}
      />
      <CommonFields address={read.address} />
    </ObjectForm>
  )
}
