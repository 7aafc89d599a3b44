import { Crest } from "@/components/layouts/Crest";
import { formatDate } from "@/lib/format";
import { accounts as words } from "@/messages/accounts";
import { common } from "@/messages/common";
import type { Card, CardPage } from "../cards";
import styles from "./cards.module.css";

const QUIET_ZONE = 4;

function CodeCard({ card, of }: { card: Card; of: number }) {
  const [address = ""] = card.link.split("#");
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <Crest />
        <span className="grow">
          <b>{common.unit}</b>
          <br />
          {words.card.title}
        </span>
        <span className="num">{words.card.number(card.number, of)}</span>
      </div>
      <h3 className={styles.name}>
        {card.name}
        <small>{card.unit}</small>
        <small className="num">{words.card.username(card.username)}</small>
      </h3>
      <svg
        className={styles.qr}
        role="img"
        aria-label={words.card.qr(card.name)}
        viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${card.qr.size + 2 * QUIET_ZONE} ${card.qr.size + 2 * QUIET_ZONE}`}
        shapeRendering="crispEdges"
      >
        <rect x={-QUIET_ZONE} y={-QUIET_ZONE} width="100%" height="100%" fill="#fff" />
        <path d={card.qr.path} stroke="#000" />
      </svg>
      <div className={styles.how}>
        <span>{words.card.code}</span>
        <b className={styles.code}>{card.code}</b>
        <ol>
          {words.card.steps(address.replace(/^https?:\/\//, "")).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <span className={styles.until}>{words.card.expires(formatDate(card.expires_at))}</span>
      </div>
    </li>
  );
}

/** The cards as they leave the printer: eight to an A4 page, a platoon on pages of its own. */
export function CardPages({ pages }: { pages: readonly CardPage[] }) {
  const cards = pages.reduce((count, page) => count + page.cards.length, 0);
  return (
    <div data-print="sheets" className={styles.pages}>
      {pages.map((page, index) => (
        <section key={index} className={styles.page} aria-label={words.card.page(index + 1, pages.length)}>
          <ul className={styles.cards}>
            {page.cards.map((card) => (
              <CodeCard key={card.user_id} card={card} of={cards} />
            ))}
          </ul>
          <p className={styles.foot}>
            <span>{page.unit}</span>
            <span>
              {words.card.page(index + 1, pages.length)} · {words.card.cut}
            </span>
          </p>
        </section>
      ))}
    </div>
  );
}
