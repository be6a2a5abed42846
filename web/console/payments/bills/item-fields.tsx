import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, InputNumber } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { fenOf } from '../../../ui/values/money.ts'

/** As it is typed: the price in yuan. */
export type GivenItem = { name?: string; amount?: string; quantity?: number | null } | undefined

/** In fen; undefined while a price or a quantity cannot be read. */
export function sumOf(items: readonly GivenItem[]): number | undefined {
  return items.reduce<number | undefined>((sum, one) => {
    const price = priceOf(one?.amount)
    const { quantity } = one ?? {}
    return sum === undefined || price === undefined || !quantity ? undefined : sum + price * quantity
  }, 0)
}

/** A discount is written with a minus. */
export function priceOf(yuan = ''): number | undefined {
  const isLess = /^\s*[-−]/.test(yuan)
  const fen = fenOf(isLess ? yuan.replace(/^\s*[-−]/, '') : yuan)
  return fen !== undefined && isLess ? -fen : fen
}

const itemsAtMost = 100

export function ItemFields(): ReactNode {
  const t = useText('payments-bills')
  return (
    <Form.List name="items">
      {(fields, { add, remove }) => (
        <Form.Item label={t('items')} extra={t('itemsHint')}>
          {fields.map(field => (
            <div key={field.key} className="bills-item">
              <Form.Item
                name={[field.name, 'name']}
                rules={[{ required: true, whitespace: true, message: t('needed', { what: t('itemName') }) }]}
              >
                <Input maxLength={100} placeholder={t('itemName')} aria-label={t('itemName')} />
              </Form.Item>
              <Form.Item
                name={[field.name, 'amount']}
                rules={[
                  {
                    validator: async (_, value) => {
                      if (priceOf(value) === undefined) throw new Error(t('priceRule'))
                    },
                  },
                ]}
              >
                <Input
                  inputMode="decimal"
                  prefix="¥"
                  autoComplete="off"
                  placeholder={t('itemPrice')}
                  aria-label={t('itemPrice')}
                />
              </Form.Item>
              <Form.Item
                name={[field.name, 'quantity']}
                rules={[{ required: true, message: t('needed', { what: t('itemQuantity') }) }]}
              >
                <InputNumber
                  min={1}
                  max={1_000_000}
                  precision={0}
                  aria-label={t('itemQuantity')}
                  style={{ width: '100%' }}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined aria-hidden />}
                aria-label={t('itemRemove', { n: field.name + 1 })}
                onClick={() => remove(field.name)}
              />
            </div>
          ))}
          <Button
            type="dashed"
            block
            icon={<PlusOutlined aria-hidden />}
            disabled={fields.length >= itemsAtMost}
            onClick={() => add({ quantity: 1 })}
          >
            {t('itemAdd')}
          </Button>
        </Form.Item>
      )}
    </Form.List>
  )
}
