import type { TemplateCard } from '../../../../upstream/wecom/cards/template-card.ts'
import type { PortalMessage } from '../../channel.ts'

/** A card, and what it says as plain text, line by line. */
export function cardShown(card: TemplateCard): PortalMessage {
  const title = card.main_title?.title ?? card.sub_title_text ?? ''
  const { emphasis_content: emphasis } = card.card_type === 'text_notice' ? card : {}
  const lines = [
    card.main_title?.desc,
    joined(emphasis?.title, emphasis?.desc),
    joined(card.quote_area?.title, card.quote_area?.quote_text),
    card.main_title?.title ? card.sub_title_text : undefined,
    ...(card.card_type === 'news_notice' ? newsLines(card) : []),
    ...(card.horizontal_content_list ?? []).map(one => joined(one.keyname, one.value)),
    ...questionLines(card),
  ]
  return {
    title,
    text: lines.filter(Boolean).join('\n'),
    url: card.card_action?.url ?? '',
    button: '',
    picUrl: (card.card_type === 'news_notice' && card.card_image?.url) || '',
    card,
  }
}

function newsLines({
  image_text_area: area,
  vertical_content_list: list = [],
}: TemplateCard & { card_type: 'news_notice' }) {
  return [joined(area?.title, area?.desc), ...list.map(one => joined(one.title, one.desc))]
}

function questionLines(card: TemplateCard): string[] {
  const options = (list: readonly { text: string }[]) => list.map(one => one.text).join(' / ')
  switch (card.card_type) {
    case 'button_interaction':
      return [
        card.button_selection
          ? joined(card.button_selection.title, options(card.button_selection.option_list))
          : '',
        options(card.button_list),
      ]
    case 'vote_interaction':
      return [options(card.checkbox.option_list)]
    case 'multiple_interaction':
      return card.select_list.map(one => joined(one.title, options(one.option_list)))
    default:
      return []
  }
}

function joined(head: string | undefined, text: string | undefined): string {
  return head && text ? `${head}：${text}` : (head ?? text ?? '')
}
