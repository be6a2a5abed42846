/** What WeChat calls an event, and as what a person reads it in a conversation. The others are results of jobs and news about the account. */
export const toldEvents: ReadonlyMap<string, string> = new Map([
  ['subscribe', 'subscribe'],
  ['unsubscribe', 'unsubscribe'],
  ['SCAN', 'scan'],
  ['CLICK', 'click'],
  ['scancode_push', 'click'],
  ['scancode_waitmsg', 'click'],
  ['pic_sysphoto', 'click'],
  ['pic_photo_or_album', 'click'],
  ['pic_weixin', 'click'],
  ['location_select', 'click'],
  ['VIEW', 'view'],
  ['view_miniprogram', 'view'],
  ['kf_create_session', 'kf_create_session'],
  ['kf_close_session', 'kf_close_session'],
  ['kf_switch_session', 'kf_switch_session'],
])

/** Kinds of lines that are no messages of the follower. */
export const eventKinds: readonly string[] = [...new Set(toldEvents.values())]
