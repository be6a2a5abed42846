import { useQuery } from '@tanstack/react-query'
import { Alert, Form, Input, Select } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { DrawerForm } from '../../../../ui/address/drawer-form.tsx'
import { type Answer, api, type CallInput, type Row } from '../../../../ui/data/api.ts'
import { useRead } from '../../../../ui/data/read.ts'
import { ErrorState, Loading, NotFound } from '../../../../ui/feedback.tsx'
import { useSettled } from '../../../../ui/pickers.tsx'
import { useText } from '../../../../ui/text.ts'
import { PreviewCard } from '../../previews.tsx'
import { useSave } from '../../settings/settings-card.tsx'
import { newTemplate } from './new-template.ts'

type Template = Row<'/web/messages/templates'>
type Vendors = Answer<'/web/messages/templates'>['vendors']
type Values = {
  id: string
  vendorId?: string
  vendors?: Template['vendors']
  params: string[]
  signName?: string
  text?: string
}

export function TemplateForm(props: { id: string; onDone: () => void }): ReactNode {
  const isNew = props.id === newTemplate
  const query = { search: isNew ? '' : props.id, pageSize: 200 }
  const read = useRead('/web/messages/templates', query)
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list, vendors } = read.data
  const found = list.find(one => one.id === props.id)
  if (!isNew && !found) return <NotFound />
  return <Fields key={found?.version ?? ''} template={found} vendors={vendors} onDone={props.onDone} />
}

function Fields(props: { template: Template | undefined; vendors: Vendors; onDone: () => void }): ReactNode {
  const { template } = props
  const common = useText('common')
  const save = useSave('/web/messages/templates/save')
  const [values, setValues] = useState<Partial<Values>>(template ?? {})
  return (
    <div className="wisp-compose">
      <DrawerForm<Values>
        name="template"
        submit={common('save')}
        isRunning={save.isRunning}
        initialValues={template ?? { params: [] }}
        onValuesChange={(_, all) => {
          save.touch()
          setValues(all)
        }}
        onFinish={async given => {
          const vendors = Object.entries(given.vendors ?? {}).map(([way, one]) => [
            way,
            { id: one.id ?? '', signName: template?.vendors[way]?.signName ?? '', params: one.params ?? [] },
          ])
          const whole = { ...given, vendors: { ...template?.vendors, ...Object.fromEntries(vendors) } }
          if (await save.run({ ...whole, version: template?.version ?? '' })) props.onDone()
        }}
      >
        <FieldItems isNew={!template} vendors={props.vendors} />
        {save.problem}
      </DrawerForm>
      <TemplatePreview values={values} />
    </div>
  )
}

function FieldItems(props: { isNew: boolean; vendors: Vendors }): ReactNode {
  const t = useText('messages')
  const [first, ...others] = props.vendors
  const isNeeded = { required: true, message: t('required') }
  return (
    <>
      <Form.Item name="id" label={t('templateId')} extra={t('templateIdHint')} rules={[isNeeded]}>
        <Input disabled={!props.isNew} maxLength={64} />
      </Form.Item>
      {first?.vendor === 'http' ? null : (
        <Form.Item
          name="vendorId"
          label={others.length > 0 ? t('vendorIdAt', { vendor: first?.label ?? '' }) : t('vendorId')}
          extra={t('vendorIdHint')}
          rules={[isNeeded]}
        >
          <Input maxLength={100} />
        </Form.Item>
      )}
      {others
        .filter(one => one.vendor !== 'http')
        .map(({ way, label }) => (
          <div key={way} className="wisp-two">
            <Form.Item name={['vendors', way, 'id']} label={t('vendorIdAt', { vendor: label })}>
              <Input maxLength={100} />
            </Form.Item>
            <Form.Item
              name={['vendors', way, 'params']}
              label={t('vendorParams', { vendor: label })}
              extra={t('vendorParamsHint')}
            >
              <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ', '、']} />
            </Form.Item>
          </div>
        ))}
      <Form.Item name="params" label={t('params')} extra={t('paramsHint')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ', '、']} />
      </Form.Item>
      <Form.Item name="text" label={t('templateText')} extra={t('templateTextHint')}>
        <Input.TextArea rows={4} maxLength={1000} />
      </Form.Item>
      <Form.Item name="signName" label={t('templateSign')}>
        <Input maxLength={50} />
      </Form.Item>
    </>
  )
}

/** The SMS with these values filled in, and how many SMS it counts as. */
function TemplatePreview(props: { values: Partial<Values> }): ReactNode {
  const t = useText('messages')
  const { params = [], text = '', signName = '' } = props.values
  const [samples, setSamples] = useState<Record<string, string>>({})
  const values = params.map(name => samples[name] ?? '')
  const wanted = useSettled(JSON.stringify({ params, text, signName, values }), 300)
  const body = useMemo(() => JSON.parse(wanted) as CallInput<'/web/messages/templates/preview'>, [wanted])
  const read = useQuery({
    queryKey: ['/web/messages/templates/preview', wanted],
    queryFn: () => api.post('/web/messages/templates/preview', body),
    placeholderData: before => before,
    retry: false,
  })
  return (
    <section aria-label={t('preview')} aria-live="polite">
      {read.error ? <Alert type="warning" showIcon title={read.error.message} /> : null}
      {read.data && !read.error ? <PreviewCard preview={{ channel: 'sms', ...read.data }} /> : null}
      {params.length > 0 ? (
        <Form layout="vertical" component="div" style={{ marginTop: 16, maxWidth: 360 }}>
          {params.map(name => (
            <Form.Item key={name} label={`${t('sample')} · ${name}`} htmlFor={`sample-${name}`}>
              <Input
                id={`sample-${name}`}
                maxLength={500}
                value={samples[name] ?? ''}
                onChange={event => setSamples({ ...samples, [name]: event.target.value })}
              />
            </Form.Item>
          ))}
        </Form>
      ) : null}
    </section>
  )
}
