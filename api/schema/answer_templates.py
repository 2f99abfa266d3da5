"""Answer templates keep what the people of one desk answer again and again."""

from datetime import datetime
from typing import Any

import strawberry

from api.engine.declare import column, node_over, object_type, page, public_id
from api.engine.extend import extend
from api.engine.lists import page_of
from api.schema.common import Connection, Node
from api.schema.permissions import can, permissions
from api.schema.query import Query
from tenants.petitions.desks import answer_templates
from tenants.petitions.policy import DELETE_TEMPLATE

node_over(answer_templates, "tpl", "AnswerTemplate")


@object_type
class AnswerTemplate(Node):
    """答复模板由同一办理台的人共用。An answer template is shared by the people of one desk."""

    id: strawberry.ID = public_id()
    name: str = column("这是模板的名称。This is the template's name.", answer_templates.c.name)
    body: str = column("这是答复的内容。This is the text of the answer.", answer_templates.c.words)
    created_at: datetime = column("这时建立。It was made then.", answer_templates.c.created_at)
    viewer_can: Any = can(permissions("AnswerTemplate", DELETE_TEMPLATE))


@extend(Query)
class OfQuery:
    """It adds the templates of the viewer's desk."""

    answer_templates: Connection[AnswerTemplate] | None = page(
        "这里列出您的办理台的答复模板，先建的在前。"
        "This lists the templates of your desk, oldest first.",
        page_of(answer_templates, {}, descending=False),
    )
