"""The variables with which every process starts in production."""

from __future__ import annotations

import base64

PRODUCTION = {
    "RGMS_ENV": "production",
    # What Render's generateValue makes: base64 of 256 bits.
    "SECRET_KEY": base64.b64encode(bytes(range(7, 39))).decode(),
    "DATABASE_URL": "postgres://u:p@db.internal/rgms?sslmode=require",
    "REDIS_URL": "redis://cache.internal:6379/0",
    "PUBLIC_URL": "https://rotc.example.edu",
    "ALLOWED_HOSTS": "rotc.example.edu",
    "CORS_ALLOWED_ORIGINS": "https://rotc.example.edu",
    "TRUSTED_HOPS": "1",
    "CLOUDINARY_URL": "cloudinary://key:word@cloud",
    "SMTP_HOST": "mail.example.edu",
    "SMTP_FROM": "rotc@example.edu",
}
