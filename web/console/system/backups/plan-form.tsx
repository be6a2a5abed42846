import { Alert, Button, Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, CallInput } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'

const savePath = '/web/backups/plan'
type PlanAnswer = Answer<'/web/backups'>
type Values = Omit<PlanAnswer['plan'], 'hasSecretKey'> & { secretKey: string }

const names = [
  ...([
    'cron',
    'place',
    'keepDaily',
    'keepWeekly',
    'keepMonthly',
    'testDays',
    'alertDays',
    'endpoint',
  ] as const),
  ...(['region', 'bucket', 'prefix', 'addressing', 'throughProxy', 'accessKey', 'secretKey'] as const),
]

/** When, where and how many. What is typed is tried before it is stored. */
export function PlanForm(props: { read: PlanAnswer; reread(): Promise<unknown>; done(): void }): ReactNode {
  const t = useText('backups')
  const { read, reread, done } = props
  const { hasSecretKey, ...plan } = read.plan
  const object = useObjectForm<Values, typeof savePath>(savePath, {
    shown: { ...plan, enabled: read.isStored ? plan.enabled : true, secretKey: '' },
    version: read.version,
    labels: {
      enabled: t('enabled'),
      cron: t('cron'),
      place: t('place'),
      endpoint: t('endpoint'),
      region: t('region'),
      bucket: t('bucket'),
      prefix: t('prefix'),
      accessKey: t('accessKey'),
      keepDaily: t('keepDaily'),
      keepWeekly: t('keepWeekly'),
      keepMonthly: t('keepMonthly'),
      testDays: t('testDays'),
      alertDays: t('alertDays'),
      secretKey: t('secretKey'),
    },
    fields: { named: Object.fromEntries(names.map(name => [name, name])) },
    reread,
    done: t('saved'),
    refresh: ['/web/backups'],
  })
  const save = async (values: Values) => {
    if (await object.run({ version: object.version, ...givenOf(values) })) done()
  }
  const place = Form.useWatch('place', object.form) ?? plan.place
  const trial = <Trial given={() => givenOf(object.form.getFieldsValue(true) as Values)} />
  return (
    <ObjectForm object={object} name="backup-plan" save={values => void save(values)} more={null}>
      <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="cron" label={t('cron')} extra={t('cronHelp')} rules={[{ required: true }]}>
        <Input className="backups-code" maxLength={64} />
      </Form.Item>
      <Form.Item name="place" label={t('place')}>
        <Radio.Group
          options={[
            { value: 'folder', label: t('folder') },
            { value: 's3', label: t('s3') },
          ]}
        />
      </Form.Item>
      {place === 'folder' ? <Folder {...read} /> : <S3Fields {...read} />}
      {trial}
      <Keep />
      <Form.Item name="testDays" label={t('testDays')} extra={t('testDaysHelp')}>
        <InputNumber min={0} max={90} precision={0} />
      </Form.Item>
      <Form.Item name="alertDays" label={t('alertDays')}>
        <InputNumber min={1} max={90} precision={0} />
      </Form.Item>
    </ObjectForm>
  )
}

function givenOf({ enabled, throughProxy, secretKey, ...values }: Values) {
  const flag = (isOn: boolean) => (isOn ? ('1' as const) : ('0' as const))
  return {
    ...values,
    enabled: flag(enabled),
    throughProxy: flag(throughProxy),
    ...(secretKey ? { secretKey } : {}),
  } satisfies CallInput<'/web/backups/try'>
}

function Folder({ folder }: PlanAnswer): ReactNode {
  const t = useText('backups')
  return folder ? (
    <Alert type="info" title={t('folderIs', { folder })} className="backups-note" />
  ) : (
    <Alert type="warning" showIcon title={t('folderUnset')} className="backups-note" />
  )
}

function S3Fields({ plan, hasProxy }: PlanAnswer): ReactNode {
  const t = useText('backups')
  const addressings = [
    { value: 'virtual-host', label: t('isHost') },
    { value: 'path', label: t('inPath') },
    { value: 'own-domain', label: t('isDomain') },
  ]
  const required = [{ required: true }]
  return (
    <>
      <Form.Item name="endpoint" label={t('endpoint')} extra={t('endpointHelp')} rules={required}>
        <Input className="backups-code" maxLength={200} inputMode="url" />
      </Form.Item>
      <Form.Item name="region" label={t('region')} extra={t('regionHelp')} rules={required}>
        <Input className="backups-code" maxLength={64} />
      </Form.Item>
      <Form.Item name="bucket" label={t('bucket')} extra={t('bucketHelp')} rules={required}>
        <Input className="backups-code" maxLength={63} />
      </Form.Item>
      <Form.Item name="addressing" label={t('addressing')} extra={t('addressingHelp')}>
        <Select options={addressings} />
      </Form.Item>
      <Form.Item name="prefix" label={t('prefix')} extra={t('prefixHelp')}>
        <Input className="backups-code" maxLength={200} />
      </Form.Item>
      <Form.Item name="accessKey" label={t('accessKey')} rules={required}>
        <Input className="backups-code" maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="secretKey" label={t('secretKey')} rules={plan.hasSecretKey ? [] : required}>
        <Input.Password
          maxLength={200}
          autoComplete="new-password"
          placeholder={plan.hasSecretKey ? t('secretKept') : ''}
        />
      </Form.Item>
      {hasProxy ? (
        <Form.Item
          name="throughProxy"
          label={t('throughProxy')}
          valuePropName="checked"
          extra={t('throughProxyHelp')}
        >
          <Switch />
        </Form.Item>
      ) : null}
    </>
  )
}

function Keep(): ReactNode {
  const t = useText('backups')
  return (
    <fieldset className="backups-keep">
      <legend>{t('keep')}</legend>
      <Form.Item name="keepDaily" label={t('keepDaily')}>
        <InputNumber min={1} max={90} precision={0} />
      </Form.Item>
      <Form.Item name="keepWeekly" label={t('keepWeekly')}>
        <InputNumber min={0} max={104} precision={0} />
      </Form.Item>
      <Form.Item name="keepMonthly" label={t('keepMonthly')}>
        <InputNumber min={0} max={120} precision={0} />
      </Form.Item>
      <p className="wisp-quiet">{t('keepHelp')}</p>
    </fieldset>
  )
}

/** Writes, lists, reads and deletes a small file where the form says, without storing the form. */
function Trial({ given }: { given(): CallInput<'/web/backups/try'> }): ReactNode {
  const t = useText('backups')
  const textOf = useErrorText()
  const [address, setAddress] = useState('')
  const act = useAct('/web/backups/try', { isQuiet: true })
  const run = async () => {
    setAddress('')
    const found = await act.run(given())
    setAddress(found?.address ?? '')
  }
  return (
    <div className="backups-trial" aria-live="polite">
      <Button loading={act.isRunning} onClick={() => void run()}>
        {t('tryNow')}
      </Button>
      {act.isRunning ? <span className="wisp-quiet">{t('trying')}</span> : null}
      {!act.isRunning && act.error ? <Alert type="error" showIcon title={textOf(act.error)} /> : null}
      {!act.isRunning && address ? <Alert type="success" showIcon title={t('tried', { address })} /> : null}
    </div>
  )
}
