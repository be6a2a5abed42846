import { Checkbox, Form, Input, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { DatePicker } from '../../../ui/fields/dates.tsx'
import { DepartmentPicker, MemberPicker, TagPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { clockAt, clockNow, momentPicked } from '../../../ui/values/picked.ts'
import { MediaField } from '../../media/media-field.tsx'
import { type Account, whyNot } from '../use-account.tsx'
import {
  bytesOf,
  type ContentType,
  type MassForm,
  type MassTarget,
  openidsIn,
  textBytesAtMost,
} from './form.ts'

type Props = {
  account: Account
  form: MassForm
  choices: Answer<'/web/official/mass/choices'>
  /** Undefined while they are read. */
  drafts: Answer<'/web/official/drafts'>['list'] | undefined
  change(patch: Partial<MassForm>): void
}

/** Whom it goes to, what it is, and when. The values are held above, where the preview reads them too. */
export function MassFields(props: Props): ReactNode {
  return (
    <Form layout="vertical" component="div">
      <AudienceFields {...props} />
      <ContentFields {...props} />
      <TimeField {...props} />
    </Form>
  )
}

const kinds: MassTarget[] = ['all', 'tag', 'openids', 'members']

function AudienceFields({ account, form, choices, change }: Props): ReactNode {
  const t = useText('official-mass')
  const whyNoList = whyNot(account, 'massByList')
  return (
    <>
      <Form.Item label={t('to')} required extra={whyNoList}>
        <Segmented
          aria-label={t('to')}
          value={form.to}
          options={kinds.map(value => ({
            value,
            label: t(`to_${value}`),
            disabled: whyNoList !== undefined && (value === 'openids' || value === 'members'),
          }))}
          onChange={to => change({ to })}
        />
      </Form.Item>
      {form.to === 'tag' ? (
        <Form.Item label={t('tag')} htmlFor="mass-tag" required>
          <Select
            id="mass-tag"
            value={form.tagId ?? null}
            placeholder={t('tag')}
            options={choices.tags.map(tag => ({
              value: tag.id,
              label: t('tagWith', { name: tag.name, n: tag.count }),
            }))}
            onChange={(tagId: number | null) => change({ tagId: tagId ?? undefined })}
          />
        </Form.Item>
      ) : null}
      {form.to === 'openids' ? (
        <Form.Item
          label={t('openids')}
          htmlFor="mass-openids"
          required
          extra={t('openidsHint', { n: openidsIn(form.openids).length })}
        >
          <Input.TextArea
            id="mass-openids"
            rows={4}
            value={form.openids}
            onChange={event => change({ openids: event.target.value })}
          />
        </Form.Item>
      ) : null}
      {form.to === 'members' ? (
        <Form.Item label={t('members')} required extra={t('membersHint')}>
          <div style={{ display: 'grid', gap: 8 }}>
            <MemberPicker value={form.members} onChange={members => change({ members })} />
            <DepartmentPicker value={form.departments} onChange={departments => change({ departments })} />
            <TagPicker value={form.tags} onChange={tags => change({ tags })} />
          </div>
        </Form.Item>
      ) : null}
    </>
  )
}

const types: ContentType[] = ['text', 'image', 'voice', 'news']

function ContentFields({ account, form, drafts, change }: Props): ReactNode {
  const t = useText('official-mass')
  const bytes = bytesOf(form.text)
  return (
    <>
      <Form.Item label={t('type')} required>
        <Segmented
          aria-label={t('type')}
          value={form.type}
          options={types.map(value => ({ value, label: t(value) }))}
          onChange={type => change({ type })}
        />
      </Form.Item>
      {form.type === 'text' ? (
        <Form.Item
          label={t('content')}
          htmlFor="mass-text"
          required
          validateStatus={bytes > textBytesAtMost ? 'error' : ''}
          extra={t('bytes', { n: bytes, most: textBytesAtMost })}
        >
          <Input.TextArea
            id="mass-text"
            rows={6}
            value={form.text}
            onChange={event => change({ text: event.target.value })}
          />
        </Form.Item>
      ) : null}
      {form.type === 'image' ? (
        <Form.Item label={t('image')} required>
          <MediaField
            kind="image"
            label={t('addImage')}
            most={20}
            value={form.images}
            onChange={images => change({ images })}
          />
        </Form.Item>
      ) : null}
      {form.type === 'voice' ? (
        <Form.Item label={t('voice')} required>
          <MediaField
            kind="voice"
            label={t('addVoice')}
            value={form.voice}
            onChange={voice => change({ voice })}
          />
        </Form.Item>
      ) : null}
      {form.type === 'news' ? (
        <DraftField account={account} form={form} drafts={drafts} change={change} />
      ) : null}
    </>
  )
}

function DraftField({ account, form, drafts, change }: Omit<Props, 'choices'>): ReactNode {
  const t = useText('official-mass')
  return (
    <>
      <Form.Item
        label={t('news')}
        htmlFor="mass-draft"
        required
        extra={
          <PageLink to="/console/official/drafts" search={{ account: account.originalId }}>
            {t('toDrafts')}
          </PageLink>
        }
      >
        <Select
          id="mass-draft"
          value={form.draft ?? null}
          placeholder={t('chooseDraft')}
          loading={drafts === undefined}
          notFoundContent={t('noDrafts')}
          options={(drafts ?? []).map(one => ({ value: one.mediaId, label: one.titles.join(' · ') }))}
          onChange={(draft: string | null) => change({ draft: draft ?? undefined })}
        />
      </Form.Item>
      <Form.Item extra={t('reprintHint')}>
        <Checkbox
          checked={form.ignoreReprint}
          onChange={event => change({ ignoreReprint: event.target.checked })}
        >
          {t('ignoreReprint')}
        </Checkbox>
      </Form.Item>
    </>
  )
}

function TimeField({ form, change }: Props): ReactNode {
  const t = useText('official-mass')
  return (
    <Form.Item label={t('sendAt')} htmlFor="mass-at" extra={t('sendAtHint')}>
      <DatePicker
        id="mass-at"
        showTime={{ format: 'HH:mm' }}
        format="YYYY-MM-DD HH:mm"
        placeholder={t('atOnce')}
        value={form.sendAt ? clockAt(form.sendAt) : null}
        minDate={clockNow()}
        maxDate={clockNow().add(90, 'day')}
        onChange={at => change({ sendAt: at ? momentPicked(at) : undefined })}
      />
    </Form.Item>
  )
}
