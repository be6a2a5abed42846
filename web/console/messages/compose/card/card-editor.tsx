import { Checkbox, Form, Segmented, Select } from 'antd'
import { type ReactNode, useId, useMemo, useState } from 'react'
import { Fold } from '../../../../ui/forms/fold.tsx'
import { useNarrow } from '../../../../ui/look/width.ts'
import { useText } from '../../../../ui/text.ts'
import {
  type CardType,
  cardTypes,
  isInteractive,
  type WecomCard,
} from '../../../../ui/wecom-card/wecom-card.ts'
import { ButtonsPart, SelectionPart, SelectsPart, SubmitPart, VotePart } from './asked-parts.tsx'
import { type DraftPart, hasPart, ofKind, type Path } from './card-draft.ts'
import { PartSaid } from './fields.tsx'
import {
  ActionPart,
  EmphasisPart,
  JumpsPart,
  MenuPart,
  PictureAndTextPart,
  PicturePart,
  QuotePart,
  RowsPart,
  SourcePart,
  SubTitlePart,
  TitlePart,
  VerticalPart,
} from './said-parts.tsx'
import { CardContext, type CardNotes, useCard } from './use-card.ts'
import './card.css'

/** All fields of a card of any kind, in the order in which WeCom draws them; what a card seldom has is folded away. */
export function CardEditor(props: {
  card: WecomCard
  onChange(card: WecomCard): void
  problems: CardNotes
  warnings: CardNotes
  isReplacement?: boolean
  /** Says all that is wrong, also of fields that nobody has touched. */
  isAsked: boolean
}): ReactNode {
  const t = useText('cards')
  const { card, onChange, problems, warnings, isReplacement = false, isAsked } = props
  const [isKeysOn, setKeys] = useState(false)
  const hasKeys = isKeysOn || (isAsked && isAboutKey(problems))
  const [touched, setTouched] = useState<ReadonlySet<Path>>(new Set())
  const [aside, setAside] = useState<WecomCard>({})
  const id = useId()
  const edited = useMemo(
    () => ({
      card,
      change: onChange,
      problems,
      warnings,
      isReplacement,
      id,
      hasKeys,
      isTold: (path: Path) => isAsked || touched.has(path),
      touch: (path: Path) => setTouched(before => (before.has(path) ? before : new Set([...before, path]))),
    }),
    [card, onChange, problems, warnings, isReplacement, id, hasKeys, isAsked, touched],
  )
  const turn = (kind: CardType) => {
    const next = ofKind(card, aside, kind)
    setAside(next.aside)
    onChange(next.card)
  }
  return (
    <CardContext value={edited}>
      <KindField label={t('cardKind')} value={card.card_type as CardType} onChange={turn} />
      <PartSaid path="card_type" />
      <TitlePart />
      <OpenParts kind={String(card.card_type)} />
      <FoldedParts kind={String(card.card_type)} />
      {hasKeysToShow(card) ? (
        <Form.Item extra={t('showKeysHint')}>
          <Checkbox checked={hasKeys} onChange={event => setKeys(event.target.checked)}>
            {t('showKeys')}
          </Checkbox>
        </Form.Item>
      ) : null}
    </CardContext>
  )
}

/** A card that came as JSON may lack a key, or have one twice. */
function isAboutKey(problems: CardNotes): boolean {
  return [...problems.keys()].some(path => /\.(key|id|question_key)$/.test(path))
}

/** Whether programs are told anything by the card. */
function hasKeysToShow(card: WecomCard): boolean {
  return isInteractive(card) || card.action_menu !== undefined
}

function KindField(props: { label: string; value: CardType; onChange: (kind: CardType) => void }): ReactNode {
  const t = useText('cards')
  const isNarrow = useNarrow()
  const options = cardTypes.map(value => ({ value, label: t(value) }))
  const field = { value: props.value, options, onChange: props.onChange, 'aria-label': props.label }
  return (
    <Form.Item label={props.label}>
      {isNarrow ? <Select<CardType> {...field} /> : <Segmented<CardType> {...field} />}
    </Form.Item>
  )
}

/** What a kind of card is made for. */
function OpenParts({ kind }: { kind: string }): ReactNode {
  const t = useText('cards')
  const has = (part: DraftPart) => hasPart(kind, part)
  return (
    <>
      {has('sub_title_text') ? <SubTitlePart /> : null}
      {has('card_image') ? <PicturePart /> : null}
      {has('button_list') ? (
        <Section title={t('buttons')}>
          <ButtonsPart />
        </Section>
      ) : null}
      {has('checkbox') ? (
        <Section title={t('vote')}>
          <VotePart />
        </Section>
      ) : null}
      {has('select_list') ? (
        <Section title={t('selects')}>
          <SelectsPart />
        </Section>
      ) : null}
      {has('submit_button') ? (
        <Section title={t('submitButton')}>
          <SubmitPart />
        </Section>
      ) : null}
      {kind.endsWith('_notice') ? (
        <Section title={t('action')}>
          <ActionPart />
        </Section>
      ) : null}
    </>
  )
}

function Section(props: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="card-edit-part">
      <h3>{props.title}</h3>
      {props.children}
    </section>
  )
}

const folded: readonly [DraftPart, Parameters<ReturnType<typeof useText<'cards'>>>[0], () => ReactNode][] = [
  ['horizontal_content_list', 'rows', RowsPart],
  ['emphasis_content', 'emphasis', EmphasisPart],
  ['image_text_area', 'pictureAndText', PictureAndTextPart],
  ['vertical_content_list', 'verticals', VerticalPart],
  ['quote_area', 'quote', QuotePart],
  ['button_selection', 'selection', SelectionPart],
  ['jump_list', 'jumps', JumpsPart],
]

function FoldedParts({ kind }: { kind: string }): ReactNode {
  const t = useText('cards')
  const { card } = useCard()
  const isButtons = kind === 'button_interaction'
  return (
    <div className="card-edit-folds">
      {folded.map(([part, title, Fields]) =>
        hasPart(kind, part) ? (
          <Fold key={part} summary={summaryOf(t(title), card[part], t('filled'))}>
            <Fields />
          </Fold>
        ) : null,
      )}
      {isButtons ? (
        <Fold summary={summaryOf(t('action'), card.card_action, t('filled'))}>
          <ActionPart />
        </Fold>
      ) : null}
      <Fold summary={summaryOf(t('menu'), card.action_menu, t('filled'))}>
        <MenuPart />
      </Fold>
      <Fold summary={summaryOf(t('source'), card.source, t('filled'))}>
        <SourcePart />
      </Fold>
    </div>
  )
}

function summaryOf(title: string, value: unknown, filled: string): string {
  if (value === undefined) return title
  return Array.isArray(value) ? `${title}（${value.length}）` : `${title}（${filled}）`
}
