import { ArrowLeftOutlined, ArrowRightOutlined, DeleteOutlined } from '@ant-design/icons'
import { Form, Input, Button as Press, Select, Space } from 'antd'
import type { ReactNode } from 'react'
import { AppPicker } from './app-picker.tsx'
import { type Button, bytesOf, menuLimits, type Spot, type TextField } from './draft.ts'
import { useMenuOwner, useMenuText } from './owner.tsx'

/** What one button is called and does. */
export function ButtonForm(props: {
  button: Button
  spot: Spot
  onChange(button: Button): void
  onMove(by: -1 | 1): void
  onRemove(): void
}): ReactNode {
  const t = useMenuText()
  const { button, spot, onChange } = props
  const isLeaf = !button.sub?.length
  return (
    <Form layout="vertical" component="div">
      <NameField button={button} isSub={spot.sub !== undefined} onChange={onChange} />
      {isLeaf ? <ActionFields button={button} onChange={onChange} /> : <p>{t('hasSub')}</p>}
      <Space wrap>
        <Press icon={<ArrowLeftOutlined />} onClick={() => props.onMove(-1)}>
          {t('moveLeft')}
        </Press>
        <Press icon={<ArrowRightOutlined />} onClick={() => props.onMove(1)}>
          {t('moveRight')}
        </Press>
        <Press danger icon={<DeleteOutlined />} onClick={props.onRemove}>
          {t('removeButton')}
        </Press>
      </Space>
    </Form>
  )
}

function NameField(props: { button: Button; isSub: boolean; onChange(button: Button): void }): ReactNode {
  const t = useMenuText()
  const { button } = props
  const { subNameBytes } = useMenuOwner()
  const max = props.isSub ? subNameBytes : menuLimits.nameBytes
  const bytes = bytesOf(button.name)
  return (
    <Form.Item
      label={t('name')}
      htmlFor="menu-name"
      validateStatus={bytes > max ? 'error' : ''}
      extra={t('bytes', { n: bytes, max })}
    >
      <Input
        id="menu-name"
        value={button.name}
        onChange={event => props.onChange({ ...button, name: event.target.value })}
      />
    </Form.Item>
  )
}

function ActionFields(props: { button: Button; onChange(button: Button): void }): ReactNode {
  const t = useMenuText()
  const { types, shownType } = useMenuOwner()
  const { button, onChange } = props
  const { type = 'view' } = button
  const offered = Object.keys(types).filter(one => one !== shownType || one === type)
  return (
    <>
      <Form.Item label={t('type')} htmlFor="menu-type">
        <Select
          id="menu-type"
          value={type}
          options={offered.map(value => ({ value, label: t(value as 'view') }))}
          onChange={value => onChange({ ...button, type: value })}
        />
      </Form.Item>
      {(types[type] ?? []).map(field =>
        field === 'app' ? (
          <AppPicker key={field} value={button.app} onChange={app => onChange({ ...button, app })} />
        ) : (
          <ActionField
            key={field}
            field={field}
            type={type}
            value={button[field] ?? ''}
            onChange={value => onChange({ ...button, [field]: value })}
          />
        ),
      )}
    </>
  )
}

function ActionField(props: {
  field: Exclude<TextField, 'app'>
  type: string
  value: string
  onChange(value: string): void
}): ReactNode {
  const t = useMenuText()
  const isShown = props.type === useMenuOwner().shownType
  const { field, value } = props
  const [bytes, max] = [bytesOf(value), menuLimits.fieldBytes[field]]
  const counted = t('bytes', { n: bytes, max })
  const hints = { key: `${t('keyHint')} ${counted}`, path: t('appPathHint' as 'keyHint') }
  const hint = hints[field as keyof typeof hints] ?? counted
  const own = field === 'path' ? 'appPath' : field
  const label = isShown ? 'siteValue' : field === 'url' && props.type === 'miniprogram' ? 'miniUrl' : own
  return (
    <Form.Item
      label={t(label as 'key')}
      htmlFor={`menu-${field}`}
      validateStatus={!isShown && bytes > max ? 'error' : ''}
      extra={isShown ? undefined : hint}
    >
      <Input
        id={`menu-${field}`}
        value={value}
        readOnly={isShown}
        onChange={event => props.onChange(event.target.value)}
      />
    </Form.Item>
  )
}
