/**
 * WeChat's limits, and how it behaves where sources are silent or disagree (what docs/upstream/README.md#how-sure-a-fact-is calls
 * likely or unconfirmed). All can be set by `POST /_sandbox/official/rules`.
 */
export const defaultRules = {
  /** Life of an access token, and of a JS ticket. */
  tokenSeconds: 7200,
  /** How long the old token still works after cgi-bin/token gave a new one; also the last part of a stable token's life. */
  tokenOverlapSeconds: 300,
  stableForcePerDay: 20,
  stableForceGapSeconds: 30,

  pushTimeoutMs: 5000,
  pushAttempts: 3,
  /** Before the second and each later attempt. */
  pushRetryDelayMs: 0,
  passiveTextBytes: 2048,
  /** A passive reply with more articles is refused; only the first `passiveArticlesShown` are shown. */
  passiveArticles: 8,
  passiveArticlesShown: 1,

  customWindows: {
    message: { count: 5, seconds: 48 * 3600 },
    menu: { count: 3, seconds: 60 },
    subscribe: { count: 3, seconds: 60 },
    scan: { count: 3, seconds: 60 },
  },

  customTextBytes: 2048,
  customArticles: 1,
  /** The kinds of account whose customer-service messages may be a msgmenu; the others get 40200. */
  msgmenuKinds: ['service'],
  typingInteractionSeconds: 30,
  typingSeconds: 15,

  followersPerPage: 10_000,
  remarkChars: 30,
  tags: 100,
  tagNameBytes: 30,
  tagsPerFollower: 20,
  tagDeleteFans: 100_000,
  openidsPerTagging: 50,
  openidsPerBlacklisting: 20,
  followersPerInfo: 100,

  qrSeconds: { least: 60, most: 2_592_000 },
  permanentQrCodes: 100_000,
  sceneChars: 64,

  kfAccounts: 100,
  kfNicknameChars: 16,

  /** Files by use and type: most bytes, and what they may be. */
  temporaryMedia: {
    image: { bytes: 10 << 20, types: ['png', 'jpg', 'gif'] },
    voice: { bytes: 2 << 20, types: ['amr', 'mp3'] },
    video: { bytes: 10 << 20, types: ['mp4'] },
    thumb: { bytes: 64 << 10, types: ['jpg'] },
  },
  permanentMedia: {
    image: { bytes: 10 << 20, types: ['png', 'jpg', 'gif', 'bmp'] },
    voice: { bytes: 2 << 20, types: ['mp3', 'wma', 'wav', 'amr'] },
    video: { bytes: 10 << 20, types: ['mp4'] },
    thumb: { bytes: 64 << 10, types: ['jpg'] },
  },
  permanentImages: 100_000,
  permanentOthers: 1000,
  articleImage: { bytes: (1 << 20) - 1, types: ['jpg', 'png'] },

  articles: 8,
  articleTitleChars: 32,
  articleAuthorChars: 16,
  articleDigestChars: 128,
  articleContentChars: 20_000,
  articleContentBytes: 1 << 20,
  articleSourceUrlBytes: 1024,
  newspicImages: 20,
  /** How long publishing takes. */
  publishJobMs: 300,
  publishEvent: 'PUBLISHJOBFINISH',
  /** What publishing ends with: 0 done, 2 to 4 refused. */
  publishStatus: 0,

  massPerMinute: 60,
  /** 公众号: messages a day. */
  massPerDay: 1,
  massToAllPerDay: 1,
  /** 服务号: messages to all, and messages to one follower, in a month. */
  massPerMonth: 4,
  massList: { least: 2, most: 10_000 },
  massClientIdBytes: 64,
  /** How long the same clientmsgid is refused with 45065; with 45066 within the first `massRetrySeconds`. */
  massClientIdSeconds: 86_400,
  massRetrySeconds: 60,
  /** Whether a message without a clientmsgid gets one from its content. */
  massClientIdFromContent: true,
  massJobMs: 500,
  /** What a mass message ends with, and what one that no administrator confirmed ends with. */
  massStatus: 'send success',
  massRefusedStatus: 'send fail',
  massConfirmMs: 1_800_000,
  massFrom: 'mphelper',

  menuButtons: 3,
  subButtons: 5,
  menuNameBytes: 16,
  subMenuNameBytes: 60,
  menuKeyBytes: 128,
  menuUrlBytes: 1024,
  conditionalMenus: 200,
  conditionalMenuDomains: 3,

  templates: 25,
  /** The restriction of 2023-05-04: what followers see is cut. */
  templateCut: true,
  templateFieldChars: 20,
  templateJobMs: 200,
  templateClientIdSeconds: 600,
  templateClientIdChars: 32,
  /** Messages to one follower in a minute, beyond which 43117 is answered; 0 is no limit. */
  templatesPerFollowerMinute: 0,
  /** A message with one of these words is taken and not let through. */
  templateBlockedWords: [] as string[],
  blockedPerPage: 100,
  blockedAsObject: false,
  newtmplNeedsForm: true,
  subscribeKeywords: { least: 2, most: 5 },
  sceneDescChars: 15,
  /** What subscribe_msg_change_event wraps its list in: SubscribeMsgChangeEvent, or as on WeChat's page SubscribeMsgPopupEvent. */
  subscribeChangeWrapper: 'SubscribeMsgChangeEvent',
  /** In pushes of JSON a list with one entry is that entry. */
  jsonListOfOneIsObject: false,

  stateChars: 128,
  /** What openapi/quota/get says about calls a minute. */
  callsPerMinuteTold: 10_000,
  clearPerMonth: 10,
  clearPathPerMonth: 50,
  shortenBytes: 4096,
  shortenSeconds: 2_592_000,
  openidsPerChange: 100,

  /** Calls a day by path, instead of the table in access.ts. */
  dayLimits: {} as Record<string, number>,
}

export type Rules = typeof defaultRules
