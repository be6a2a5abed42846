import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form, InputNumber, Select } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { ChannelWord } from '../words.tsx'
import type { TypeValues } from './type-values.ts'

const stepsAtMost = 3

/** 没看再发: by which channels it goes on, for those who were not reached or have not looked. */
export function FallbackFields({ values: { channels, plan } }: { values: TypeValues }): ReactNode {
  const t = useText('message-types')
  // Each channel is used once, and it goes by the first anyway.
  const ways = channels.slice(1)
  const unless = ['sent', 'read', ...(plan.receipt ? (['acknowledged'] as const) : [])] as const
  return (
    <Form.List name={['plan', 'fallback']}>
      {(fields, { add, remove }) => (
        <Form.Item label={t('fallback')} extra={t('fallbackHint')}>
          {fields.map(({ key, name }) => (
            <div key={key} className="wisp-type-step">
              <Form.Item name={[name, 'after']} rules={[{ required: true, message: t('required') }]}>
                <InputNumber
                  min={5}
                  max={10_080}
                  suffix={t('minuteUnit')}
                  aria-label={t('stepAfter')}
                  style={{ width: '100%' }}
                />
              </Form.Item>
              <Form.Item name={[name, 'unless']}>
                <Select
                  aria-label={t('stepUnless')}
                  options={unless.map(value => ({ value, label: t(`unless_${value}`) }))}
                />
              </Form.Item>
              <Form.Item name={[name, 'channel']} rules={[{ required: true, message: t('required') }]}>
                <Select
                  aria-label={t('stepChannel')}
                  placeholder={t('stepChannel')}
                  options={[
                    ...ways.map(value => ({ value, label: <ChannelWord channel={value} /> })),
                    { value: 'leader', label: t('stepLeader') },
                  ]}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined aria-hidden />}
                aria-label={t('stepRemove', { n: name + 1 })}
                onClick={() => remove(name)}
              />
              {plan.fallback[name]?.channel === 'leader' && !plan.private ? (
                <Form.Item name={[name, 'leaderSees']} valuePropName="checked" className="wisp-type-leader">
                  <Checkbox>{t('leaderSees')}</Checkbox>
                </Form.Item>
              ) : null}
            </div>
          ))}
          <Button
            type="dashed"
            icon={<PlusOutlined aria-hidden />}
            disabled={fields.length >= stepsAtMost}
            onClick={() => add({ after: 30, unless: 'read', channel: ways[fields.length] ?? 'leader' })}
          >
            {t('stepAdd')}
          </Button>
        </Form.Item>
      )}
    </Form.List>
  )
}
