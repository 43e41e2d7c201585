resource "aws_db_instance" "orders" {
  engine              = "postgres"
  publicly_accessible = true
}

resource "aws_ebs_volume" "orders" {
  availability_zone = "eu-central-1a"
  size              = 20
  encrypted         = var.encrypted
}

resource "aws_security_group" "orders" {
  name = "orders"

  ingress {
    from_port   = 3000
    to_port     = 4000
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_security_group_rule" "own" {
  type              = "ingress"
  from_port         = 0
  to_port           = 65535
  protocol          = "-1"
  self              = true
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = aws_security_group.orders.id
}

resource "aws_s3_bucket" "shop" {
  bucket_prefix = "shop-"
}

module "network" {
  source = "./network"
}
