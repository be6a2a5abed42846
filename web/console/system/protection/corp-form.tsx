import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'
import { ChoiceField, CommonFields, NumberField } from './fields.tsx'

const path = '/web/console/protection'
const savePath = '/web/console/protection/save'

type Read = Answer<typeof path>
type Values = Read['settings']

/** The rules of the corp, for its members. */
export function CorpForm({ read, reread }: { read: Read; reread(): Promise<unknown> }): ReactNode {
  const t = useText('protection')
  const labels = {
    consoleNetworks: t('consoleNetworks'),
    sessionsAtMost: t('sessionsAtMost'),
    sessionsFull: t('sessionsFull'),
    watermark: t('watermark'),
    idleMinutes: t('idleMinutes'),
    adminIdleMinutes: t('adminIdleMinutes'),
    newDevice: t('newDevice'),
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
    <ObjectForm object={object} name="protection-corp" save={values => void save(values)}>
      <NumberField
        name="idleMinutes"
        label={t('idleMinutes')}
        help={t('idleHelp', { most: 240 })}
        max={240}
      />
      <NumberField
        name="adminIdleMinutes"
        label={t('adminIdleMinutes')}
        help={t('adminIdleHelp')}
        max={240}
      />
      <ChoiceField
        name="newDevice"
        label={t('newDevice')}
        options={[
          ['off', t('off')],
          ['administrators', t('administrators')],
          ['everyone', t('everyone')],
        ]}
      />
      <CommonFields address={read.address} />
    </ObjectForm>
  )
}
