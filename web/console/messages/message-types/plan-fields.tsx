import { Checkbox, Form, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import { FallbackFields } from './fallback-fields.tsx'
import { isTried } from './plan-values.ts'
import type { TypeValues } from './type-values.ts'

const place = (field: keyof TypeValues['plan']) => ['plan', field]

/** When a type goes out. What its level does not take is not asked. */
export function PlanFields({ values }: { values: TypeValues }): ReactNode {
  const { level, plan } = values
  const t = useText('message-types')
  return (
    <Fold summary={t('when')}>
      {level === 'urgent' ? (
        <p className="wisp-quiet">{t('urgentHint')}</p>
      ) : (
        <Held plan={plan} level={level} />
      )}
      {isTried(level, plan) ? <FallbackFields values={values} /> : null}
      {level === 'must' ? null : (
        <Form.Item name={place('expiresAfter')} label={t('expiresAfter')} extra={t('expiresHint')}>
          <InputNumber min={1} max={129_600} suffix={t('minuteUnit')} style={{ width: 200 }} />
        </Form.Item>
      )}
      <Form.Item
        name={place('receipt')}
        label={t('receipt')}
        extra={t('receiptHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name={place('private')}
        label={t('private')}
        extra={t('privateHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item name={place('testPeople')} label={t('testPeople')} extra={t('testPeopleHint')}>
        <Select mode="tags" maxCount={20} open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} />
      </Form.Item>
    </Fold>
  )
}

function Held({ plan, level }: { plan: TypeValues['plan']; level: 'normal' | 'must' }): ReactNode {
  const t = useText('message-types')
  const rests = [
    ...(plan.collects === 'no' ? [] : (['digest'] as const)),
    ...(level === 'must' ? [] : (['drop'] as const)),
  ]
  return (
    <>
      <Form.Item name={place('collects')} label={t('collects')} extra={t('collectsHint')}>
        <Select
          options={(['no', 'minutes', 'daily'] as const).map(value => ({
            value,
            label: t(`collects_${value}`),
          }))}
        />
      </Form.Item>
      {plan.collects === 'minutes' ? (
        <Form.Item name={place('minutes')} label={t('collectMinutes')}>
          <InputNumber min={1} max={10_080} suffix={t('minuteUnit')} style={{ width: 200 }} />
        </Form.Item>
      ) : null}
      {plan.collects === 'daily' ? (
        <Form.Item name={place('at')} label={t('collectAt')}>
          <Input type="time" style={{ width: 200 }} />
        </Form.Item>
      ) : null}
      {plan.collects === 'no' ? null : (
        <>
          <Form.Item name={place('first')} valuePropName="checked">
            <Checkbox>{t('first')}</Checkbox>
          </Form.Item>
          <Form.Item name={place('byAbout')} valuePropName="checked">
            <Checkbox>{t('byAbout')}</Checkbox>
          </Form.Item>
        </>
      )}
      <Form.Item name={place('isLimited')} label={t('isLimited')} valuePropName="checked">
        <Switch disabled={rests.length === 0} />
      </Form.Item>
      {plan.isLimited ? (
        <>
          <Form.Item name={place('atMost')} label={t('atMost')}>
            <InputNumber min={1} max={100} style={{ width: 200 }} />
          </Form.Item>
          <Form.Item name={place('within')} label={t('within')}>
            <InputNumber min={1} max={43_200} suffix={t('minuteUnit')} style={{ width: 200 }} />
          </Form.Item>
          <Form.Item name={place('rest')} label={t('rest')}>
            <Select options={rests.map(value => ({ value, label: t(`rest_${value}`) }))} />
          </Form.Item>
        </>
      ) : null}
    </>
  )
}
