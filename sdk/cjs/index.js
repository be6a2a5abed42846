"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __exportStar = (this && this.__exportStar) || function(m, exports) {
    for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports, p)) __createBinding(exports, m, p);
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.WebhookVerificationError = exports.verifyWebhook = exports.forgeWebhook = exports.WispError = exports.UnexpectedAnswerError = exports.TimeoutError = exports.PacketError = exports.NoAnswerError = exports.FullReadNeededError = exports.ApiError = exports.createClient = void 0;
var client_ts_1 = require("./client.js");
Object.defineProperty(exports, "createClient", { enumerable: true, get: function () { return client_ts_1.createClient; } });
var errors_ts_1 = require("./errors.js");
Object.defineProperty(exports, "ApiError", { enumerable: true, get: function () { return errors_ts_1.ApiError; } });
Object.defineProperty(exports, "FullReadNeededError", { enumerable: true, get: function () { return errors_ts_1.FullReadNeededError; } });
Object.defineProperty(exports, "NoAnswerError", { enumerable: true, get: function () { return errors_ts_1.NoAnswerError; } });
Object.defineProperty(exports, "PacketError", { enumerable: true, get: function () { return errors_ts_1.PacketError; } });
Object.defineProperty(exports, "TimeoutError", { enumerable: true, get: function () { return errors_ts_1.TimeoutError; } });
Object.defineProperty(exports, "UnexpectedAnswerError", { enumerable: true, get: function () { return errors_ts_1.UnexpectedAnswerError; } });
Object.defineProperty(exports, "WispError", { enumerable: true, get: function () { return errors_ts_1.WispError; } });
__exportStar(require("./generated/errors.js"), exports);
var webhooks_ts_1 = require("./webhooks.js");
Object.defineProperty(exports, "forgeWebhook", { enumerable: true, get: function () { return webhooks_ts_1.forgeWebhook; } });
Object.defineProperty(exports, "verifyWebhook", { enumerable: true, get: function () { return webhooks_ts_1.verifyWebhook; } });
Object.defineProperty(exports, "WebhookVerificationError", { enumerable: true, get: function () { return webhooks_ts_1.WebhookVerificationError; } });
