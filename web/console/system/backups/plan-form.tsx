import {
  Alert,
  AutoComplete,
  Button,
  Form,
  type FormInstance,
  Input,
  InputNumber,
  Radio,
  Select,
  Switch,
} from 'antd'
import { type ReactNode, useRef, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, CallInput } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { Fold } from '../../../ui/forms/fold.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'
import {
  type Destination,
  destinationOf,
  destinations,
  endpointAfter,
  hasRegions,
  presetOf,
  regionsOf,
} from './destination.ts'
import { scheduleOf } from './schedule.ts'
import { ScheduleField, scheduleWords } from './schedule-field.tsx'

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

/** Where and when; how many and all else is folded away. What is typed is tried before it is stored. */
export function PlanForm(props: { read: PlanAnswer; reread(): Promise<unknown>; done(): void }): ReactNode {
  const t = useText('backups')
  const { read, reread, done } = props
  const { hasSecretKey, ...plan } = read.plan
  const object = useObjectForm<Values, typeof savePath>(savePath, {
    shown: {
      ...plan,
      ...(read.isStored ? {} : { ...presetOf(destinationOf(plan)), enabled: true }),
      secretKey: '',
    },
    version: read.version,
    labels: {
      enabled: t('enabled'),
      cron: { label: t('cron'), tell: cron => scheduleWords(t, cron) },
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
  const { form } = object
  const cron = Form.useWatch('cron', form) ?? plan.cron
  const [chosen, setChosen] = useState(() => destinationOf(plan))
  // Somebody else may have changed the place meanwhile.
  const place = usePlace(form) ?? plan.place
  const isSame = (place === 'folder') === (chosen === 'folder')
  const destination = isSame ? chosen : destinationOf({ ...plan, place })
  const set = (values: Partial<Values>) => {
    form.setFieldsValue(values as never)
    object.touch()
  }
  const choose = (next: Destination) => {
    setChosen(next)
    // What is stored comes back with its destination.
    set(next === destinationOf(plan) && read.isStored ? placeOf(plan) : presetOf(next))
  }
  return (
    <ObjectForm object={object} name="backup-plan" save={values => void save(values)} more={null}>
      {read.isStored ? (
        <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
      ) : null}
      {/* A destination is one of several ways to a place. */}
      <Form.Item
        name="place"
        label={t('place')}
        getValueProps={() => ({ value: destination })}
        getValueFromEvent={event => (event.target.value === 'folder' ? 'folder' : 's3')}
      >
        <Radio.Group
          className="backups-destinations"
          options={destinations.map(value => ({ value, label: t(`to_${value}`) }))}
          onChange={event => choose(event.target.value)}
        />
      </Form.Item>
      {destination === 'folder' ? (
        <Folder {...read} />
      ) : (
        <S3Fields destination={destination} hasSecretKey={hasSecretKey} set={set} />
      )}
      <Trial given={() => givenOf(form.getFieldsValue(true) as Values)} />
      <Form.Item label={t('cron')} extra={scheduleOf(cron) ? undefined : scheduleWords(t, cron)}>
        <ScheduleField cron={cron} onChange={next => set({ cron: next })} />
      </Form.Item>
      <More cron={cron} destination={destination} hasProxy={read.hasProxy} />
    </ObjectForm>
  )
}

/** What is watched comes one drawing after what was chosen. */
function usePlace(form: FormInstance): Values['place'] | undefined {
  Form.useWatch('place', form)
  return form.getFieldValue('place')
}

/** What has a good standard, and when backups are made in full. */
function More(props: { cron: string; destination: Destination; hasProxy: boolean }): ReactNode {
  const t = useText('backups')
  const { cron, destination, hasProxy } = props
  return (
    <Fold summary={t('advanced')}>
      <Form.Item
        name="cron"
        label={t('cronLine')}
        extra={
          <>
            <div>{scheduleWords(t, cron)}</div>
            {t('cronHelp')}
          </>
        }
        rules={required}
      >
        <Input className="backups-code" maxLength={64} />
      </Form.Item>
      {destination === 'folder' ? null : <S3More destination={destination} hasProxy={hasProxy} />}
      <Keep />
      <Form.Item name="testDays" label={t('testDays')} extra={t('testDaysHelp')}>
        <InputNumber min={0} max={90} precision={0} />
      </Form.Item>
      <Form.Item name="alertDays" label={t('alertDays')}>
        <InputNumber min={1} max={90} precision={0} />
      </Form.Item>
    </Fold>
  )
}

const placeOf = ({
  place,
  endpoint,
  region,
  addressing,
}: Pick<Values, 'place' | 'endpoint' | 'region' | 'addressing'>) => ({ place, endpoint, region, addressing })

/** The form of the first plan has no switch for `enabled`, and a form tells only of the fields that it has. */
function givenOf({ enabled = true, throughProxy, secretKey, ...values }: Values) {
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

const required = [{ required: true }]

/** What nobody can guess of a bucket. */
function S3Fields(props: {
  destination: Destination
  hasSecretKey: boolean
  set(values: Partial<Values>): void
}): ReactNode {
  const t = useText('backups')
  const { destination, hasSecretKey, set } = props
  const form = Form.useFormInstance<Values>()
  // The field has the new region already when it tells of it.
  const before = useRef('')
  before.current = Form.useWatch('region', form) ?? ''
  return (
    <>
      {hasRegions(destination) ? (
        <Form.Item name="region" label={t('region')} rules={required}>
          <AutoComplete
            maxLength={64}
            options={regionsOf(destination).map(value => ({ value }))}
            onChange={(region: string) => {
              const endpoint = form.getFieldValue('endpoint') ?? ''
              set({ endpoint: endpointAfter(destination, { region: before.current, endpoint }, region) })
            }}
          />
        </Form.Item>
      ) : (
        <EndpointField destination={destination} />
      )}
      {destination === 's3' ? <RegionField /> : null}
      <Form.Item
        name="bucket"
        label={t('bucket')}
        extra={t(destination === 'cos' ? 'bucketOfCos' : 'bucketHelp')}
        rules={required}
      >
        <Input className="backups-code" maxLength={63} />
      </Form.Item>
      <Form.Item name="accessKey" label={t('accessKey')} rules={required}>
        <Input className="backups-code" maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="secretKey" label={t('secretKey')} rules={hasSecretKey ? [] : required}>
        <Input.Password
          maxLength={200}
          autoComplete="new-password"
          placeholder={hasSecretKey ? t('secretKept') : ''}
        />
      </Form.Item>
    </>
  )
}

function EndpointField({ destination }: { destination: Destination }): ReactNode {
  const t = useText('backups')
  return (
    <Form.Item
      name="endpoint"
      label={t('endpoint')}
      extra={hasRegions(destination) ? t('endpointGiven') : ''}
      rules={required}
    >
      <Input
        className="backups-code"
        maxLength={200}
        inputMode="url"
        placeholder={destination === 'minio' ? 'http://minio.example.com:9000' : 'https://'}
      />
    </Form.Item>
  )
}

function RegionField(): ReactNode {
  const t = useText('backups')
  return (
    <Form.Item name="region" label={t('region')} extra={t('regionHelp')} rules={required}>
      <Input className="backups-code" maxLength={64} />
    </Form.Item>
  )
}

/** What follows from the destination, and may be otherwise. */
function S3More({ destination, hasProxy }: { destination: Destination; hasProxy: boolean }): ReactNode {
  const t = useText('backups')
  const addressings = [
    { value: 'virtual-host', label: t('isHost') },
    { value: 'path', label: t('inPath') },
    { value: 'own-domain', label: t('isDomain') },
  ]
  return (
    <>
      {hasRegions(destination) ? <EndpointField destination={destination} /> : null}
      {destination === 'minio' ? <RegionField /> : null}
      <Form.Item name="addressing" label={t('addressing')} extra={t('addressingHelp')}>
        <Select options={addressings} />
      </Form.Item>
      <Form.Item name="prefix" label={t('prefix')} extra={t('prefixHelp')}>
        <Input className="backups-code" maxLength={200} />
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
