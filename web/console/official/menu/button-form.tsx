import { ArrowLeftOutlined, ArrowRightOutlined, DeleteOutlined } from '@ant-design/icons'
import { Form, Input, Button as Press, Select, Space } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { type Button, type ButtonType, bytesOf, menuLimits, type Spot } from './draft.ts'

const types: ButtonType[] = [
  'view',
  'click',
  'miniprogram',
  'article_view_limited',
  'article_id',
  'scancode_waitmsg',
  'scancode_push',
  'pic_photo_or_album',
  'pic_sysphoto',
  'pic_weixin',
  'location_select',
  'media_id',
  'view_limited',
]

type TextField = 'key' | 'url' | 'appId' | 'pagePath' | 'mediaId' | 'articleId'

const fieldsOf: Record<ButtonType, TextField[]> = {
  view: ['url'],
  click: ['key'],
  miniprogram: ['appId', 'pagePath', 'url'],
  article_view_limited: ['articleId'],
  article_id: ['articleId'],
  scancode_waitmsg: ['key'],
  scancode_push: ['key'],
  pic_photo_or_album: ['key'],
  pic_sysphoto: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  media_id: ['mediaId'],
  view_limited: ['mediaId'],
  site: ['key'],
}

/** What one button is called and does. */
export function ButtonForm(props: {
  button: Button
  spot: Spot
  onChange(button: Button): void
  onMove(by: -1 | 1): void
  onRemove(): void
}): ReactNode {
  const t = useText('official-menu')
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
  const t = useText('official-menu')
  const { button } = props
  const max = props.isSub ? menuLimits.subNameBytes : menuLimits.nameBytes
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
  const t = useText('official-menu')
  const { button, onChange } = props
  const { type = 'view' } = button
  const options = [...types, ...(type === 'site' ? (['site'] as const) : [])]
  const labelOf = (field: TextField) => {
    if (type === 'site') return t('siteValue')
    return t(field === 'url' && type === 'miniprogram' ? 'miniUrl' : field)
  }
  return (
    <>
      <Form.Item label={t('type')} htmlFor="menu-type">
        <Select
          id="menu-type"
          value={type}
          options={options.map(value => ({ value, label: t(value) }))}
          onChange={value => onChange({ ...button, type: value })}
        />
      </Form.Item>
      {fieldsOf[type].map(field => {
        const value = button[field] ?? ''
        const [bytes, max] = [bytesOf(value), menuLimits.fieldBytes[field]]
        const counted = t('bytes', { n: bytes, max })
        const hint = field === 'key' ? `${t('keyHint')} ${counted}` : counted
        return (
          <Form.Item
            key={field}
            label={labelOf(field)}
            htmlFor={`menu-${field}`}
            validateStatus={type !== 'site' && bytes > max ? 'error' : ''}
            extra={type === 'site' ? undefined : hint}
          >
            <Input
              id={`menu-${field}`}
              value={value}
              readOnly={type === 'site'}
              onChange={event => onChange({ ...button, [field]: event.target.value })}
            />
          </Form.Item>
        )
      })}
    </>
  )
}
