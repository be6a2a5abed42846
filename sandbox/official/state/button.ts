/** A button of a menu in WeChat's own field names. */
export type Button = Record<string, unknown> & { name: string; sub_button?: Button[] }
